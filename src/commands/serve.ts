/** `aicore serve`: the proxy in the foreground. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../catalog/catalog.ts";
import { type Paths, pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { AicoreError, asAicoreError, PortError } from "../errors.ts";
import { unlimitedKey } from "../keys/accepted.ts";
import { type BoundPort, bindPort, type PortOptions } from "../proxy/port.ts";
import type { Proxy as RunningServer } from "../proxy/server.ts";
import { count } from "../terminal/count.ts";
import { busyPort } from "./busy-port.ts";
import { keepCatalogue } from "./catalogue-cache.ts";
import { debugFlagWarnings } from "./debug-flags.ts";
import { ledgerFor } from "./ledger.ts";
import { localKey, localKeyPath } from "./local-key.ts";
import { proxyOptions } from "./proxy-options.ts";
import { rateBookFor } from "./rates.ts";
import { keepReading } from "./reload.ts";
import { announce } from "./running.ts";
import { doorFrom, keysFrom, type ServeOptions } from "./serve-door.ts";
import { contentLog, voiceOf } from "./serve-log.ts";
import { openSession, type Session } from "./session.ts";
import { untilAsked } from "./signals.ts";
import { tracerFor } from "./traces.ts";
import type { Context } from "./types.ts";
import { untilBroken } from "./unexpected.ts";

const DISCOVERY_WAIT = 3_000;
/** Milliseconds that requests wait at the port for the keys of a database that does not answer. */
const KEYS_WAIT = 10_000;
/** Milliseconds in which the discovery has the processor for itself. */
const HEAD_START = 50;

export async function run(context: Context, _args: string[], options: ServeOptions): Promise<number> {
  const { env, out, version } = context;
  const paths = pathsFor(env);
  const settings = loadSettings(env);
  const { host, port, noAuth, drainSeconds, tls } = await doorFrom(options, settings, env);
  const { log, say, warn } = voiceOf(context, settings, options.logFile);
  if (noAuth)
    warn("--no-auth: every program and every user on this machine can use your models through this port.");
  for (const warning of tls?.warnings ?? []) warn(warning);
  for (const warning of debugFlagWarnings(env, process.execArgv)) warn(warning);
  const onContent = contentLog(options.logContent, warn);
  const tracer = await tracerFor(env, version, warn);
  const session = await openSession({ ...context, log }, { ...options, pool: true, settings });
  const own = () => (noAuth ? [] : [...keysFrom(settings, env), unlimitedKey("local", localKey(paths))]);
  const broken = untilBroken(log);
  let ownKeys = own();
  const rates = rateBookFor(session, log);
  const ledger = ledgerFor({ env, log }, settings, { rates });
  const bound = await listen({ host, port, ...(tls && { tls }) }, paths).catch(async (error: unknown) => {
    await ledger.close();
    throw error;
  });
  let proxy: RunningServer | undefined;
  const keys = () => [...ownKeys, ...(ledger.keys ?? [])];
  const useKeys = () => proxy?.useKeys(keys(), ledger.keys === undefined);
  ledger.onKeys(useKeys);
  const reloader = keepReading({
    files: [settings.path, localKeyPath(paths)],
    reload() {
      if (!noAuth) localKey(paths);
      settings.reload();
      ownKeys = own();
      useKeys();
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
  const note = { url: bound.url, port: bound.port, pid: process.pid, version, drainSeconds };
  const forget = announce(paths, { ...note, ...(tls && { certificate: tls.path }) });
  process.once("exit", forget);
  try {
    const ending = Promise.race([asked, broken]);
    const found = discover(session.catalog, ending);
    void found.then(() => rates.start());
    const known = Promise.race([ledger.looked(), sleep(KEYS_WAIT, undefined, { ref: false }), ending]);
    const serving = Promise.all([loadServer(found), known]).then(([{ startProxy }]) =>
      startProxy({
        port: bound,
        noAuth,
        keys: keys(),
        keysIncomplete: ledger.keys === undefined,
        hosts: settings.value("server.hosts"),
        ...proxyOptions({ ...context, log }, session),
        ...ledger.recorded,
        ...(onContent && { onContent }),
        onRecord(record) {
          tracer?.record(record);
          ledger.recorded.onRecord(record);
        },
      }),
    );
    serving.catch(() => {}); // Awaited below, once the models are told.
    const problem = await out.during("Looking for deployments", () => found);
    if (problem) warn(`No models yet: ${problem} The proxy goes on trying.`);
    const models = session.catalog.models().length;
    if (out.json) out.event({ event: "ready", url: bound.url, port: bound.port, pid: process.pid, models });
    else say(banner(bound, session, models));
    proxy = await serving;
    useKeys();
    if (!problem && options.resourceGroup === undefined) keepCatalogue(context, session);
    const cause = await ending;
    say(`Letting open streams finish (up to ${drainSeconds} s; a second Ctrl-C ends at once).`);
    await proxy.close({ drain: drainSeconds * 1_000 });
    if (cause instanceof AicoreError) throw cause;
  } finally {
    if (!proxy) bound.close();
    reloader.stop();
    forget();
    await ledger.close();
    await tracer?.close();
    await session.close();
  }
  return 0;
}

/** Binds the port; a busy one is told with who holds it. */
async function listen(options: PortOptions & { host: string }, paths: Paths): Promise<BoundPort> {
  try {
    return await bindPort(options);
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== "port_in_use") throw error;
    throw await busyPort(options.host, options.port, paths);
  }
}

/**
 * The routes with all dialects and upstreams: 300 files, 120 ms. They load while SAP's answers are on their way, but an
 * answer that is nearly here comes first; requests that come before them wait at the port.
 */
async function loadServer(found: Promise<unknown>): Promise<typeof import("../proxy/server.ts")> {
  await Promise.race([found, sleep(HEAD_START, undefined, { ref: false })]);
  return await import("../proxy/server.ts");
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

function banner({ url }: BoundPort, { clients }: Session, models: number): string {
  const tenants = clients.map(({ tenant: { profile, resourceGroup, resourceGroups = [resourceGroup] } }) => {
    return `${profile}, resource group ${resourceGroups.join(", ")}`;
  });
  return [
    `aicore listens on ${url} (${tenants.join("; ")}; ${count(models, "model")})`,
    '  Claude Code:  eval "$(aicore env claude)" && claude',
    "  Other tools:  the address and key are in `aicore env --shell json`",
    "  Ctrl-C or `aicore stop` ends it.",
  ].join("\n");
}
