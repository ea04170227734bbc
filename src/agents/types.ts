/** An agent: a tool that `aicore` starts with its models pointed at the tenant. */

/** A model as an agent needs to know it. */
export interface AgentModel {
  /** The name to ask the proxy for. */
  id: string;
  /** Tokens. */
  contextWindow: number;
}

export interface LaunchOptions {
  /** Of the proxy, without a path or a slash at the end. */
  url: string;
  /** The proxy's key. */
  key: string;
  /** What a name ("opus", "gpt-5", …) stands for in this tenant; undefined when nothing deployed fits. */
  find(name: string): Promise<AgentModel | undefined>;
  /** The environment that the tool would have without us. */
  env: NodeJS.ProcessEnv;
  /** Where it runs, for settings files of the project. */
  cwd: string;
}

export interface Launch {
  variables: Record<string, string>;
  /** Variables that must not stand beside these. */
  removed: readonly string[];
  /** Arguments that stand before the user's. */
  args: string[];
  /** For the user, one line: which models the tool will use. */
  notice: string;
  /** What stands in the way in the user's own settings: a sentence each. */
  warnings: string[];
}

export interface Agent {
  /** The command: `aicore <name>`. */
  name: string;
  /** For people: "Claude Code". */
  title: string;
  /** The program on PATH. */
  program: string;
  /** The command line that installs it. */
  install: string;
  launch(options: LaunchOptions): Promise<Launch>;
}
