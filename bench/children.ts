/** The processes of a run: started on a CPU of their own, and ended with it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";

/** Servers run on one CPU, what loads them on the other, so that they do not take time from each other. */
export const CPU = { servers: 0, load: 1 } as const;

export interface Started {
  pid: number;
  process: ChildProcess;
  /** What it printed first. */
  firstLine: string;
}

export interface StartOptions {
  /** Which CPU; undefined for any. */
  cpu?: number;
  env?: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcess>();
let pins: boolean | undefined;

/** Whether processes can be bound to CPUs here. */
export function canPin(): boolean {
  pins ??= availableParallelism() > 1 && hasTaskset();
  return pins;
}

/** @throws Error with what the program said when it ends before its first line. */
export async function start(command: string[], options: StartOptions = {}): Promise<Started> {
  const child = spawnOn(command, options);
  const complaint: string[] = [];
  child.stderr?.on("data", (text: Buffer) => complaint.push(text.toString()));
  const ended = once(child, "exit").then(() => {
    throw new Error(`${command.join(" ")} ended: ${complaint.join("").trim()}`);
  });
  ended.catch(() => {});
  const firstLine = await Promise.race([lineOf(child), ended]);
  return { pid: child.pid ?? 0, process: child, firstLine };
}

/** Runs a program to its end and gives the lines that it printed. @throws Error when it fails or takes too long. */
export async function run(command: string[], options: StartOptions & { timeout: number }): Promise<string[]> {
  const child = spawnOn(command, options);
  const printed: string[] = [];
  child.stdout?.on("data", (text: Buffer) => printed.push(text.toString()));
  child.stderr?.pipe(process.stderr, { end: false });
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeout);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  if (code === 0) return printed.join("").trimEnd().split("\n");
  throw new Error(`${command.join(" ")} ended with ${code ?? signal}.`);
}

/** Asks a process to end and waits until it has. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(stop));
}

export function spawnOn([command = "", ...args]: string[], { cpu, env }: StartOptions): ChildProcess {
  const pinned = cpu !== undefined && canPin();
  const child = pinned
    ? spawn("taskset", ["-c", String(cpu), command, ...args], { env: env ?? process.env })
    : spawn(command, args, { env: env ?? process.env });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

async function lineOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) return "";
  const lines = createInterface(stdout);
  const [line] = await once(lines, "line");
  return String(line);
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["-p", String(process.pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
