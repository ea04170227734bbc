/** `aicore serve`: the proxy in the foreground. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../catalog/catalog.ts";
import { pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { asAicoreError, PortError } from "../errors.ts";
import { type ProxyOptions, type Proxy as RunningServer, startProxy } from "../proxy/server.ts";
import { writeLogFile } from "../service/log-file.ts";
import { aicoreVersionAt } from "./ask-proxy.ts";
import { loggerFor } from "./context.ts";
import { localKey } from "./local-key.ts";
import { announce, runningProxies } from "./running.ts";
import { doorFrom, type ServeOptions } from "./serve-door.ts";
import { openSession, type Session } from "./session.ts";
import { untilAsked } from "./signals.ts";
import type { Context } from "./types.ts";

const DISCOVERY_WAIT = 3_000;

export async function run(context: Context, _args: string[], options: ServeOptions): Promise<number> {
  const { env, globals, out, version } = context;
  const paths = pathsFor(env);
  const settings = loadSettings(env);
  const { host, port, noAuth, keys, drainSeconds } = doorFrom(options, settings, env);
  if (noAuth)
    out.warn(
      "--no-auth: every program and every user on this machine can use your models through this port.",
    );
  const fallback = out.json || out.quiet ? "silent" : settings.value("log.level");
  const log = loggerFor(env, globals, fallback, options.logFile ? writeLogFile(options.logFile) : undefined);
  const session = await openSession({ ...context, log }, options);
  const asked = untilAsked();
  const proxy = await listen(context, {
    host,
    port,
    noAuth,
    keys: noAuth ? [] : [...keys, localKey(paths)],
    catalog: session.catalog,
    clients: [session.client],
    log,
    version,
  });
  const forget = announce(paths, {
    url: proxy.url,
    port: proxy.port,
    pid: process.pid,
    version,
    drainSeconds,
  });
  try {
    const problem = await out.during("Looking for deployments", () => discover(session.catalog));
    if (problem) out.warn(`No models yet: ${problem} The proxy goes on trying.`);
    const models = session.catalog.models().length;
    if (out.json) out.event({ event: "ready", url: proxy.url, port: proxy.port, pid: process.pid, models });
    else out.say(banner(proxy, session, models));
    await asked;
    out.say(`Letting open streams finish (up to ${drainSeconds} s; a second Ctrl-C ends at once).`);
    await proxy.close({ drain: drainSeconds * 1_000 });
  } finally {
    forget();
    await session.close();
  }
  return 0;
}

/** Starts the proxy; a busy port is told with who holds it. */
async function listen(context: Context, options: ProxyOptions): Promise<RunningServer> {
  try {
    return await startProxy(options);
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== "port_in_use") throw error;
    const { host = "127.0.0.1", port } = options;
    const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    if (!(await aicoreVersionAt(`http://${address}`))) {
      throw new PortError("port_in_use", `Port ${port} is used by another program.`, {
        hint: "Use --port with another number, or --port 0 for any free one.",
      });
    }
    const pid = runningProxies(pathsFor(context.env)).find((proxy) => proxy.port === port)?.pid;
    throw new PortError(
      "already_running",
      `aicore is already running on ${address}${pid ? ` (pid ${pid})` : ""}.`,
      {
        hint: "Use it (aicore env), stop it, or start this one with --port 0.",
      },
    );
  }
}

/** Why there are no models yet; undefined when they are known. "Ready" waits for them this long and no longer. */
async function discover(catalog: Catalog): Promise<string | undefined> {
  const found = catalog.refresh().then(
    () => undefined,
    (error: unknown) => asAicoreError(error).message,
  );
  return await Promise.race([
    found,
    sleep(DISCOVERY_WAIT, "SAP AI Core has not answered so far.", { ref: false }),
  ]);
}

function banner(proxy: RunningServer, { tenant }: Session, models: number): string {
  return [
    `aicore listens on ${proxy.url} (${tenant.profile}, resource group ${tenant.resourceGroup}, ${models} models)`,
    '  Claude Code:  eval "$(aicore env claude)" && claude',
    "  Other tools:  the address and key are in `aicore env --shell json`",
    "  Ctrl-C or `aicore stop` ends it.",
  ].join("\n");
}
