/** Finding a program on PATH and starting it without a shell, on Windows too. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, extname, isAbsolute, join } from "node:path";

export interface Program {
  command: string;
  /** Arguments that must come first (a script, when the program is Node). */
  args: string[];
}

export type Lookup =
  | { found: "yes"; program: Program }
  | { found: "no" }
  | { found: "not runnable"; path: string };

/** Looks for `name` in the absolute folders of PATH (never in the current one), as the system would. */
export function findProgram(name: string, env: NodeJS.ProcessEnv, platform = process.platform): Lookup {
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const endings = platform === "win32" ? (env.PATHEXT ?? ".EXE;.CMD;.BAT").toLowerCase().split(";") : [""];
  let blocked: string | undefined;
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (!isFile(path)) continue;
      const program = platform === "win32" ? windowsProgram(path) : unixProgram(path);
      if (program) return { found: "yes", program };
      blocked ??= path;
    }
  }
  return blocked === undefined ? { found: "no" } : { found: "not runnable", path: blocked };
}

function unixProgram(path: string): Program | undefined {
  try {
    accessSync(path, constants.X_OK);
    return { command: path, args: [] };
  } catch {
    return undefined;
  }
}

/**
 * npm installs programs on Windows as `.cmd` files, which only run in a shell, where arguments are not safe to pass
 * (CVE-2024-27980). Such a shim names its target; that is started instead.
 */
function windowsProgram(path: string): Program | undefined {
  const ending = extname(path).toLowerCase();
  if (ending === ".exe" || ending === ".com") return { command: path, args: [] };
  const target = shimTarget(readFileSync(path, "utf8"), dirname(path));
  if (!target || !isFile(target)) return undefined;
  return extname(target).toLowerCase() === ".exe"
    ? { command: target, args: [] }
    : { command: process.execPath, args: [target] };
}

/** The file that npm's `.cmd` shim starts: the last quoted path below `%dp0%` (or `%~dp0`), before `%*`. */
export function shimTarget(shim: string, folder: string): string | undefined {
  const [, path] = /"%(?:~dp0|dp0%)[\\/]?([^"%]+)"\s+%\*/i.exec(shim) ?? [];
  return path === undefined ? undefined : join(folder, ...path.split(/[\\/]/));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
