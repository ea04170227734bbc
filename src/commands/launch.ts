/** `aicore claude` and its like: a private proxy on a free port with a one-time key, and the tool as its child. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { childEnvironment } from "../agents/environment.ts";
import { agentNamed } from "../agents/index.ts";
import { findProgram, type Program } from "../agents/program.ts";
import type { Agent } from "../agents/types.ts";
import { AicoreError } from "../errors.ts";
import { startProxy } from "../proxy/server.ts";
import { debugFlagWarnings } from "./debug-flags.ts";
import { createKey } from "./local-key.ts";
import { modelFinder } from "./model-finder.ts";
import { proxyOptions } from "./proxy-options.ts";
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

async function launch(agent: Agent, context: Context, args: string[]): Promise<number> {
  const { env, out } = context;
  const program = programOf(agent, env);
  const session = await openSession(context, { pool: true });
  const key = createKey();
  const proxy = await startProxy({ port: 0, keys: [key], ...proxyOptions(context, session) });
  try {
    await out.during("Looking at the deployments", () => session.catalog.refresh());
    const find = modelFinder(session.catalog);
    const setup = await agent.launch({ url: proxy.url, key, find, env, cwd: process.cwd() });
    out.say(
      `${agent.title} through SAP AI Core (${session.clients.map(({ tenant }) => tenant.profile).join(", ")}): ${setup.notice}`,
    );
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
    `${agent.title} is not installed: there is no ${agent.program} on PATH.`,
    {
      hint: `Install it with: ${agent.install}`,
    },
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
    hint: `Check its permissions, or install it again: ${agent.install}`,
    cause,
  });
}
