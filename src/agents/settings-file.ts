/** Reading a tool's own settings, to tell what in them would win over what we set. They are never written here. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";

/** The home folder that a program with this environment sees. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env.HOME || env.USERPROFILE || homedir();
}

/** The content of a JSON file; undefined for one that is missing or cannot be read: the tool itself will tell of it. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
