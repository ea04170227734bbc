/** What the system's service manager is to start, and what that takes on each system. Pure. */

export interface ServiceProgram {
  /** Absolute path of Node. */
  node: string;
  /** Absolute path of `bin/aicore.js`. */
  script: string;
  /** For `aicore`, the command included. */
  args: string[];
  /** Never a secret: whoever may list processes or read unit files sees it. */
  environment: Record<string, string>;
  /** Absolute path. */
  logFile: string;
}

export interface ServicePlan {
  /** The file that describes the service, absolute. */
  path: string;
  text: string;
  /** Windows reads task files in UTF-16 only. */
  encoding: "utf8" | "utf16le";
  /** Command lines, in their order. */
  install: string[][];
  uninstall: string[][];
  /** Ends with 0 while the service runs. */
  status: string[];
}
