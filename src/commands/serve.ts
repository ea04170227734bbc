/** `aicore serve`: the proxy in the foreground. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../catalog/catalog.ts";
import { type Paths, pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { AicoreError, asAicoreError, PortError } from "../errors.ts";
import { type ProxyOptions, type Proxy as RunningServer, startProxy } from "../proxy/server.ts";
import { writeLogFile } from "../service/log-file.ts";
import { busyPort } from "./busy-port.ts";
import { loggerFor } from "./context.ts";
import { debugFlagWarnings } from "./debug-flags.ts";
import { localKey, localKeyPath } from "./local-key.ts";
import { proxyOptions } from "./proxy-options.ts";
import { keepReading } from "./reload.ts";
import { announce } from "./running.ts";
import { doorFrom, keysFrom, type ServeOptions } from "./serve-door.ts";
import { openSession, type Session } from "./session.ts";
import { untilAsked } from "./signals.ts";
import type { Context } from "./types.ts";
import { untilBroken } from "./unexpected.ts";

const DISCOVERY_WAIT = 3_000;

export async function run(context: Context, _args: string[], options: ServeOptions): Promise<number> {
  const { env, globals, out, version } = context;
  const paths = pathsFor(env);
  const settings = loadSettings(env);
  const { host, port, noAuth, drainSeconds, tls } = doorFrom(options, settings, env);
  if (noAuth)
    out.warn(
      "--no-auth: every program and every user on this machine can use your models through this port.",
    );
  for (const warning of tls?.warnings ?? []) out.warn(warning);
  for (const warning of debugFlagWarnings(env, process.execArgv)) out.warn(warning);
  const logTo = options.logFile ? writeLogFile(options.logFile) : undefined;
  const log = loggerFor(
    env,
    globals,
    () => (out.json || out.quiet ? "silent" : settings.value("log.level")),
    logTo,
  );
  const session = await openSession({ ...context, log }, { ...options, pool: true, settings });
  const keys = () => (noAuth ? [] : [...keysFrom(settings, env), localKey(paths)]);
  const broken = untilBroken(log);
  const proxy = await listen(
    { host, port, noAuth, ...(tls && { tls }), keys: keys(), ...proxyOptions({ ...context, log }, session) },
    paths,
  );
  const reloader = keepReading({
    files: [settings.path, localKeyPath(paths)],
    reload() {
      if (!noAuth) localKey(paths);
      settings.reload();
      proxy.useKeys(keys());
      session.catalog.useAliases(settings.aliases, settings.value("models.strict"));
    },
    onReloaded() {
      log.info("the settings were read again");
      for (const warning of settings.warnings) log.once(warning, "warn", warning);
      if (out.json) out.event({ event: "reloaded" });
    },
    onFailed(message) {
      log.warn(`the settings stay as they were: ${message}`);
      if (out.json) out.event({ event: "reload_failed", message });
    },
  });
  const asked = untilAsked({ onHangup: reloader.now });
  const note = { url: proxy.url, port: proxy.port, pid: process.pid, version, drainSeconds };
  const forget = announce(paths, { ...note, ...(tls && { certificate: tls.path }) });
  process.once("exit", forget);
  try {
    const ending = Promise.race([asked, broken]);
    const problem = await out.during("Looking for deployments", () => discover(session.catalog, ending));
    if (problem) out.warn(`No models yet: ${problem} The proxy goes on trying.`);
    const models = session.catalog.models().length;
    if (out.json) out.event({ event: "ready", url: proxy.url, port: proxy.port, pid: process.pid, models });
    else out.say(banner(proxy, session, models));
    const cause = await ending;
    out.say(`Letting open streams finish (up to ${drainSeconds} s; a second Ctrl-C ends at once).`);
    await proxy.close({ drain: drainSeconds * 1_000 });
    if (cause instanceof AicoreError) throw cause;
  } finally {
    reloader.stop();
    forget();
    await session.close();
  }
  return 0;
}

/** Starts the proxy; a busy port is told with who holds it. */
async function listen(options: ProxyOptions & { host: string }, paths: Paths): Promise<RunningServer> {
  try {
    return await startProxy(options);
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== "port_in_use") throw error;
    throw await busyPort(options.host, options.port, paths);
  }
}

/** Why there are no models yet; undefined when they are known. "Ready" waits for them this long and no longer. */
async function discover(catalog: Catalog, ending: Promise<unknown>): Promise<string | undefined> {
  const found = catalog.refresh().then(
    () => undefined,
    (error: unknown) => asAicoreError(error).message,
  );
  return await Promise.race([
    found,
    sleep(DISCOVERY_WAIT, "SAP AI Core has not answered so far.", { ref: false }),
    ending.then(() => undefined),
  ]);
}

function banner(proxy: RunningServer, { clients }: Session, models: number): string {
  const tenants = clients.map(({ tenant: { profile, resourceGroup, resourceGroups = [resourceGroup] } }) => {
    return `${profile}, resource group ${resourceGroups.join(", ")}`;
  });
  return [
    `aicore listens on ${proxy.url} (${tenants.join("; ")}; ${models} models)`,
    '  Claude Code:  eval "$(aicore env claude)" && claude',
    "  Other tools:  the address and key are in `aicore env --shell json`",
    "  Ctrl-C or `aicore stop` ends it.",
  ].join("\n");
}
