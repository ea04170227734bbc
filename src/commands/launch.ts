/** `aicore claude` and its like: a private proxy on a free port with a one-time key, and the tool as its child. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { childEnvironment } from "../agents/environment.ts";
import { agentNamed } from "../agents/index.ts";
import { findProgram, isPath, type Program } from "../agents/program.ts";
import type { Agent } from "../agents/types.ts";
import { AicoreError } from "../errors.ts";
import { debugFlagWarnings } from "./debug-flags.ts";
import { modelFinder, usableModels } from "./model-finder.ts";
import { privateProxy } from "./private-proxy.ts";
import { openSession } from "./session.ts";
import type { CommandModule, Context } from "./types.ts";

/** Milliseconds for open streams once the tool has ended. */
const DRAIN = 2_000;
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

/** The command of an agent of the table. */
export function launcher(name: string): CommandModule {
  const agent = agentNamed(name);
  if (!agent) throw new AicoreError("unknown_agent", `There is no agent named ${name}.`);
  return { run: (context, args) => launch(agent, context, args) };
}

/** Runs an agent's program to its end. @returns the program's exit code. */
export async function launch(agent: Agent, context: Context, args: string[]): Promise<number> {
  const { env, out } = context;
  const program = programOf(agent, env);
  const session = await openSession(context, { pool: true });
  const proxy = await privateProxy(session, context);
  try {
    const { url, key } = proxy;
    await out.during("Looking at the deployments", () => session.catalog.refresh());
    const setup = await agent.launch({
      url,
      key,
      find: modelFinder(session.catalog),
      models: usableModels(session.catalog),
      env,
      cwd: process.cwd(),
      args,
    });
    session.catalog.standIn(setup.standIns ?? {});
    const profiles = session.clients.map(({ tenant }) => tenant.profile).join(", ");
    out.say(`${agent.title} through SAP AI Core (${profiles}): ${setup.notice}`);
    for (const warning of [...debugFlagWarnings(env, process.execArgv), ...setup.warnings]) out.warn(warning);
    const command = { ...program, args: [...program.args, ...setup.args, ...args] };
    return await runToEnd(agent, command, childEnvironment(env, setup));
  } finally {
    await proxy.close({ drain: DRAIN });
    await session.close();
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
function runToEnd(agent: Agent, { command, args }: Program, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", env });
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
