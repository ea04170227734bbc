import type { SandboxOptions } from "../../src/sandbox/index.ts";
import type { Scene } from "./scene.ts";

/** Something that goes wrong at a user, and what the check that finds it says. */
export interface Fault {
  fault: string;
  check: string;
  status: "warn" | "fail";
  message: RegExp;
  fix: RegExp;
  /** In a line below the message. */
  detail?: RegExp;
  sandbox?: SandboxOptions;
  /** By the real program, as a process. */
  binary?: true;
  linux?: true;
  inject(scene: Scene): unknown;
}
