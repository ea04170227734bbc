/** The proxy on this machine: its port, and one that runs. */

import { createServer } from "node:net";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { count } from "../../terminal/count.ts";
import { type Check, type Outcome, ok, summed, warn } from "../check.ts";
import type { Facts, RunningProxy } from "../facts.ts";

export const LOCAL: readonly Check[] = [
  { id: "port", title: "Port", needs: ["settings"], run: portOutcome },
  { id: "running-proxy", title: "Running proxy", needs: ["settings"], run: runningOutcome },
];

async function portOutcome(facts: Facts): Promise<Outcome> {
  const settings = facts.settings();
  const host = settings.value("server.host");
  const port = settings.value("server.port");
  if (port === 0) return ok("any free one");
  const problem = await whyNotBound(host, port);
  if (problem === undefined) return ok(`${port} is free`);
  if (problem === "EACCES") {
    return warn(
      `Port ${port} may not be used by this user.`,
      "Choose one above 1023: `aicore serve --port <n>`.",
    );
  }
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (problem === "EADDRINUSE" && (await versionAt(url, facts)))
    return ok(`${port} is taken by aicore itself`);
  const why =
    problem === "EADDRINUSE" ? "is used by another program" : `cannot be opened on ${host} (${problem})`;
  return warn(
    `Port ${port} ${why}.`,
    "Use another one: `aicore serve --port <n>`, or `aicore config set server.port <n>`. `aicore claude` and its like need no fixed port.",
  );
}

/** Opens the port and closes it again. */
function whyNotBound(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}

async function runningOutcome(facts: Facts): Promise<Outcome> {
  const proxies = facts.given.proxies(facts.paths());
  if (proxies.length === 0) return ok("none; `aicore serve` starts one");
  const key = keyOf(facts);
  const findings = await Promise.all(proxies.map((proxy) => examined(proxy, key, facts)));
  return summed(
    findings,
    ok(
      findings.map(({ message }) => message).join("; "),
      findings.flatMap(({ details }) => details ?? []),
    ),
  );
}

async function examined(proxy: RunningProxy, key: string | undefined, facts: Facts): Promise<Outcome> {
  const { url, pid } = proxy;
  const version = await versionAt(url, facts);
  if (version === undefined) {
    return warn(`${url} (pid ${pid}) does not answer.`, "End that process and start `aicore serve` again.");
  }
  if (version !== facts.given.version) {
    return warn(
      `${url} (pid ${pid}) runs aicore ${version}, this is ${facts.given.version}.`,
      "Restart it: what is installed now is used only by new processes.",
    );
  }
  const ready = await facts.given.askProxy(`${url}/ready`, key);
  const models = typeof ready?.models === "number" ? `, ${count(ready.models, "model")}` : "";
  return ok(
    `${url} (pid ${pid}), version ${version}${models}`,
    learnedLines(await learnedAt(url, key, facts)),
  );
}

/** What a deployment refused, and the proxy has left out since. */
export interface Learned extends JsonObject {
  deployment: string;
  repairs: string[];
}

/** What all running proxies have learned; a proxy without the route, or with another key, tells nothing. */
export async function learnedBy(facts: Facts): Promise<Learned[]> {
  const proxies = facts.given.proxies(facts.paths());
  const all = await Promise.all(proxies.map(({ url }) => learnedAt(url, keyOf(facts), facts)));
  return all.flat();
}

async function learnedAt(url: string, key: string | undefined, facts: Facts): Promise<Learned[]> {
  const stats = await facts.given.askProxy(`${url}/stats`, key);
  const rows = Array.isArray(stats?.learned) ? stats.learned.filter(isObject) : [];
  return rows.map(({ deployment, repairs }) => ({
    deployment: String(deployment),
    repairs: Array.isArray(repairs) ? repairs.map(String) : [],
  }));
}

function learnedLines(learned: readonly Learned[]): string[] {
  return learned.map(({ deployment, repairs }) => `deployment ${deployment} refuses: ${repairs.join(", ")}`);
}

/** One that others can read is told by its own check. */
function keyOf(facts: Facts): string | undefined {
  try {
    return facts.given.localKey(facts.paths());
  } catch {
    return undefined;
  }
}

async function versionAt(url: string, facts: Facts): Promise<string | undefined> {
  const health = await facts.given.askProxy(`${url}/health`);
  return health?.status === "ok" && typeof health.version === "string" ? health.version : undefined;
}
