/** `aicore claude` and its like: a private proxy on a free port with a one-time key, and the tool as its child. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { childEnvironment } from "../agents/environment.ts";
import { findProgram, isPath, type Program } from "../agents/program.ts";
import type { Agent, Launch } from "../agents/types.ts";
import { AicoreError } from "../errors.ts";
import { readCatalogue } from "./catalogue-cache.ts";
import { debugFlagWarnings } from "./debug-flags.ts";
import { earlyProxy } from "./early-proxy.ts";
import { modelFinder, usableModels } from "./model-finder.ts";
import type { ToolProxy } from "./tool-proxy.ts";
import type { CommandModule, Context } from "./types.ts";

/** The terminal sends these to the tool as well; it decides what they mean. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;
/** These reach us alone. */
const FORWARDED = ["SIGTERM", "SIGHUP"] as const;

class NotInstalledError extends AicoreError {
  override readonly exitCode = 127;
}

class NotRunnableError extends AicoreError {
  override readonly exitCode = 126;
}

/** The command of an agent. */
export function launcher(agent: Agent): CommandModule {
  return { run: (context, args) => launch(agent, context, args) };
}

/** Runs an agent's program to its end. @returns the program's exit code. */
export async function launch(agent: Agent, context: Context, args: string[]): Promise<number> {
  const program = programOf(agent, context.env);
  const { proxy, setup } =
    (await prepareEarly(agent, context, args)) ?? (await prepareLate(agent, context, args));
  const { env, out } = context;
  try {
    for (const warning of proxy.warnings) out.warn(warning);
    out.say(`${agent.title} through SAP AI Core (${proxy.profiles.join(", ")}): ${setup.notice}`);
    for (const warning of [...debugFlagWarnings(env, process.execArgv), ...setup.warnings]) out.warn(warning);
    const command = { ...program, args: [...program.args, ...setup.args, ...args] };
    return await runToEnd(agent, command, childEnvironment(env, setup), () => proxy.onRunning());
  } finally {
    await proxy.close();
  }
}

interface Prepared {
  proxy: ToolProxy;
  setup: Launch;
}

/** With the models of the last time. undefined: there are none, or none that the tool could work with. */
async function prepareEarly(agent: Agent, context: Context, args: string[]): Promise<Prepared | undefined> {
  const known = readCatalogue(context);
  if (!known) return undefined;
  return await prepare(agent, context, args, await earlyProxy(context, known)).catch(() => undefined);
}

async function prepareLate(agent: Agent, context: Context, args: string[]): Promise<Prepared> {
  const { lateProxy } = await import("./late-proxy.ts");
  return await prepare(agent, context, args, await lateProxy(context));
}

/** @throws what the agent does; the proxy is closed then. */
async function prepare(agent: Agent, { env }: Context, args: string[], proxy: ToolProxy): Promise<Prepared> {
  const { url, key, models } = proxy;
  const find = modelFinder(models);
  try {
    const cwd = process.cwd();
    const setup = await agent.launch({ url, key, find, models: usableModels(models), env, cwd, args });
    proxy.standIn(setup.standIns ?? {});
    return { proxy, setup };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

function programOf(agent: Agent, env: NodeJS.ProcessEnv): Program {
  const lookup = findProgram(agent.program, env);
  if (lookup.found === "yes") return lookup.program;
  if (lookup.found === "not runnable") throw notRunnable(agent, lookup.path);
  throw new NotInstalledError(
    "not_installed",
    agent.install
      ? `${agent.title} is not installed: there is no ${agent.program} on PATH.`
      : `There is no program ${agent.program}${isPath(agent.program) ? "" : " on PATH"}.`,
    { hint: agent.install ? `Install it with: ${agent.install}` : "Check its name, or give its path." },
  );
}

/** The exit code of the tool, 128 + n when signal n ended it. */
function runToEnd(
  agent: Agent,
  { command, args }: Program,
  env: NodeJS.ProcessEnv,
  onRunning: () => void,
): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", env });
  child.once("spawn", onRunning);
  const release = holdSignals(child);
  return new Promise<number>((resolve, reject) => {
    child.once("error", (cause) => reject(notRunnable(agent, command, cause)));
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(release);
}

function holdSignals(child: ChildProcess): () => void {
  const ignore = () => {};
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of FROM_TERMINAL) process.on(signal, ignore);
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    for (const signal of FROM_TERMINAL) process.off(signal, ignore);
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

function notRunnable(agent: Agent, path: string, cause?: unknown): NotRunnableError {
  return new NotRunnableError("not_runnable", `${path} was found but cannot be run.`, {
    hint: agent.install
      ? `Check its permissions, or install it again: ${agent.install}`
      : "Check its permissions; on Windows a script needs its shell: aicore run -- cmd /c <script>",
    cause,
  });
}
