/** Variables as lines that a shell, a .env reader or a program takes. Pure. */
import { UsageError } from "../errors.ts";

export type Shell = "bash" | "zsh" | "fish" | "powershell" | "cmd" | "dotenv" | "json";

interface Syntax {
  set(name: string, value: string): string;
  /** Absent where a variable cannot be taken away. */
  unset?(name: string): string;
}

const POSIX: Syntax = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  unset: (name) => `unset ${name}`,
};

const SYNTAX: Record<Exclude<Shell, "json">, Syntax> = {
  bash: POSIX,
  zsh: POSIX,
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, "\\$&")}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    // PowerShell takes the typographic single quotes for quotes as well.
    set: (name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${batchText(name, value)}"`,
    unset: (name) => `set "${name}="`,
  },
  dotenv: {
    set: (name, value) => `${name}=${/^[\w.:/@,-]*$/.test(value) ? value : JSON.stringify(value)}`,
  },
};

/** @throws UsageError where a shell has no way to write a value (cmd: quotes and line ends). */
export function writeVariables(
  shell: Shell,
  variables: Record<string, string>,
  removed: readonly string[],
): string {
  if (shell === "json") return `${JSON.stringify(variables, null, 2)}\n`;
  const { set, unset } = SYNTAX[shell];
  const lines = [
    ...(unset ? removed.map(unset) : []),
    ...Object.entries(variables).map(([name, value]) => set(name, value)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The shell whose syntax the user most likely wants. */
export function shellOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Shell {
  if (platform === "win32") return env.PSModulePath && !env.PROMPT ? "powershell" : "cmd";
  const name = env.SHELL?.split("/").at(-1);
  return name === "fish" || name === "zsh" ? name : "bash";
}

/** For a batch file (`aicore env --shell cmd > env.cmd`), where a percent sign is written twice. */
function batchText(name: string, value: string): string {
  if (/["\r\n]/.test(value)) {
    throw new UsageError("not_writable", `${name} holds a quote or a line end, which cmd cannot take.`, {
      hint: "Use --shell powershell.",
    });
  }
  return value.replaceAll("%", "%%");
}
