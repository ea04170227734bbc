/** `aicore env`: the variables that point a tool at a running `aicore serve`. */
import { agentModel, isUsable } from "../agents/choice.ts";
import { variablesOf } from "../agents/environment.ts";
import { AGENTS, agentNamed } from "../agents/index.ts";
import { runAgent } from "../agents/run.ts";
import type { Agent, AgentModel } from "../agents/types.ts";
import { pathsFor } from "../config/paths.ts";
import { nearest } from "../config/rules.ts";
import { ApiError, ConfigError, UsageError } from "../errors.ts";
import { isObject } from "../hub/json.ts";
import { isDigest } from "../proxy/guard/keys.ts";
import { aicoreVersionAt, askProxy } from "./ask-proxy.ts";
import { readLocalKey } from "./local-key.ts";
import { portFrom } from "./numbers.ts";
import { type RunningProxy, runningProxies } from "./running.ts";
import { environmentKeys } from "./serve-door.ts";
import { type Shell, shellOf, writeVariables } from "./shell.ts";
import { trustFor } from "./tls-files.ts";
import type { Context } from "./types.ts";

const START = "Start one in another terminal: aicore serve";

interface EnvOptions {
  shell?: Shell;
  port?: string;
}

export async function run(context: Context, [tool]: string[], options: EnvOptions): Promise<undefined> {
  const { env, out, globals } = context;
  const agent = tool === undefined ? runAgent("any program") : agentOf(tool);
  const paths = pathsFor(env);
  const { url, certificate } = chosenProxy(runningProxies(paths), options.port);
  if (!(await aicoreVersionAt(url, certificate))) {
    throw new ApiError(502, `No aicore proxy answers at ${url}.`, {
      reason: "proxy_not_running",
      hint: START,
    });
  }
  const key = environmentKeys(env).find((each) => !isDigest(each)) ?? readLocalKey(paths);
  if (!key) throw new ConfigError("no_local_key", "There is no local key yet.", { hint: START });
  const proxy = { url, certificate };
  const models = await modelsAt(proxy, key);
  if (!models) out.warn(`The proxy at ${url} does not tell its models: see what it prints.`);
  const launch = await agent.launch({
    url,
    key,
    find: (name) => modelAt(proxy, key, name),
    models: models ?? [],
    env,
    cwd: process.cwd(),
    args: [],
  });
  const trust = certificate ? trustFor(certificate, env) : { variables: {}, warnings: [] };
  for (const warning of [...launch.warnings, ...trust.warnings]) out.warn(warning);
  const shell = options.shell ?? (globals.json ? "json" : shellOf(env));
  out.result(writeVariables(shell, { ...variablesOf(env, launch), ...trust.variables }, launch.removed));
  if (launch.args.length > 0) out.say(`Then start it with: ${commandLine(agent.program, launch.args)}`);
  return undefined;
}

function commandLine(program: string, args: string[]): string {
  const words = args.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`));
  return [program, ...words].join(" ");
}

function agentOf(tool: string): Agent {
  const agent = agentNamed(tool);
  if (agent) return agent;
  const known = AGENTS.map(({ name }) => name);
  const meant = nearest(tool, known);
  throw new UsageError("unknown_tool", `There is no tool named "${tool}". Known: ${known.join(", ")}.`, {
    ...(meant && { hint: `Did you mean ${meant}?` }),
  });
}

interface Address {
  url: string;
  certificate?: string | undefined;
}

function chosenProxy(running: RunningProxy[], port: string | undefined): Address {
  if (port !== undefined) {
    const wanted = portFrom(port, "--port");
    return running.find((proxy) => proxy.port === wanted) ?? { url: `http://127.0.0.1:${wanted}` };
  }
  const [only, ...others] = running;
  if (!only) throw new ConfigError("proxy_not_running", "No aicore proxy is running.", { hint: START });
  if (others.length === 0) return only;
  const ports = running.map((proxy) => proxy.port).join(", ");
  throw new UsageError("which_proxy", `Several proxies are running, on the ports ${ports}.`, {
    hint: "Choose one with --port.",
  });
}

async function modelsAt(proxy: Address, key: string): Promise<AgentModel[] | undefined> {
  const list = await askProxy(`${proxy.url}/v1/models`, key, proxy.certificate);
  if (!Array.isArray(list?.data)) return undefined;
  return list.data
    .filter(isObject)
    .map(({ id }) => agentModel(String(id)))
    .filter(isUsable);
}

/** The proxy answers for families and aliases too. */
async function modelAt(proxy: Address, key: string, name: string): Promise<AgentModel | undefined> {
  const model = await askProxy(`${proxy.url}/v1/models/${encodeURIComponent(name)}`, key, proxy.certificate);
  return typeof model?.id === "string" ? agentModel(model.id) : undefined;
}
