/** Finding a program on PATH and starting it without a shell, on Windows too. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, extname, isAbsolute, join, resolve, sep } from "node:path";

export interface Program {
  command: string;
  /** Arguments that must come first (a script, when the program is Node). */
  args: string[];
}

export type Lookup =
  | { found: "yes"; program: Program }
  | { found: "no" }
  | { found: "not runnable"; path: string };

/** Looks for `name` in the absolute folders of PATH (never in the current one), as the system would; a path is taken as it is. */
export function findProgram(name: string, env: NodeJS.ProcessEnv, platform = process.platform): Lookup {
  const places = isPath(name) ? [resolve(name)] : foldersOf(env).map((folder) => join(folder, name));
  let blocked: string | undefined;
  for (const place of places) {
    for (const ending of platform === "win32" ? windowsEndings(name, env) : [""]) {
      const path = place + ending;
      if (!isFile(path)) continue;
      const program = platform === "win32" ? windowsProgram(path) : unixProgram(path);
      if (program) return { found: "yes", program };
      blocked ??= path;
    }
  }
  return blocked === undefined ? { found: "no" } : { found: "not runnable", path: blocked };
}

/** Whether a program is named by its place and not looked for. */
export function isPath(name: string): boolean {
  return name.includes("/") || name.includes(sep);
}

function foldersOf(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
}

function windowsEndings(name: string, env: NodeJS.ProcessEnv): string[] {
  const endings = (env.PATHEXT ?? ".EXE;.CMD;.BAT").toLowerCase().split(";");
  return endings.includes(extname(name).toLowerCase()) ? ["", ...endings] : endings;
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
