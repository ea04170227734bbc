/**
 * `aicore serve`: the proxy in the foreground. Here is what may refuse to start, and the port; what it takes to serve is
 * loaded behind that, so that "ready" comes at once where the models are known from the last time.
 */
import { databaseFor } from "../config/database.ts";
import { type Paths, pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { AicoreError, PortError } from "../errors.ts";
import { unlimitedKey } from "../keys/accepted.ts";
import { type BoundPort, bindPort, type PortOptions } from "../proxy/port.ts";
import type { Proxy as RunningServer } from "../proxy/server.ts";
import { count } from "../terminal/count.ts";
import { readCatalogue } from "./catalogue-cache.ts";
import { debugFlagWarnings } from "./debug-flags.ts";
import { localKey, localKeyPath } from "./local-key.ts";
import { keepReading } from "./reload.ts";
import { announce } from "./running.ts";
import { doorFrom, keysFrom, type ServeOptions } from "./serve-door.ts";
import { contentLog, voiceOf } from "./serve-log.ts";
import type { Serving } from "./serving.ts";
import { untilAsked } from "./signals.ts";
import { findTenants, type Tenants } from "./tenants.ts";
import { tracerFor } from "./traces.ts";
import type { Context } from "./types.ts";
import { untilBroken } from "./unexpected.ts";

export async function run(context: Context, _args: string[], options: ServeOptions): Promise<number> {
  const { env, out, version } = context;
  const paths = pathsFor(env);
  const settings = loadSettings(env);
  const { host, port, noAuth, drainSeconds, tls } = await doorFrom(options, settings, env);
  const { log, say, warn } = await voiceOf(context, settings, options.logFile);
  if (noAuth)
    warn("--no-auth: every program and every user on this machine can use your models through this port.");
  for (const warning of tls?.warnings ?? []) warn(warning);
  for (const warning of debugFlagWarnings(env, process.execArgv)) warn(warning);
  const onContent = contentLog(options.logContent, warn);
  const tracer = await tracerFor(env, version, warn);
  const tenants = await findTenants({ ...context, log }, { ...options, pool: true, settings });
  databaseFor(paths, env); // The ledger is opened later; what it would refuse is told now.
  const own = () => (noAuth ? [] : [...keysFrom(settings, env), unlimitedKey("local", localKey(paths))]);
  const broken = untilBroken(log);
  let ownKeys = own();
  const bound = await listen({ host, port, ...(tls && { tls }) }, paths);
  let serving: Serving | undefined;
  const reloader = keepReading({
    files: [settings.path, localKeyPath(paths)],
    reload() {
      if (!noAuth) localKey(paths);
      settings.reload();
      ownKeys = own();
      serving?.renew();
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
  const ready = (models: number) => {
    if (out.json) out.event({ event: "ready", url: bound.url, port: bound.port, pid: process.pid, models });
    else say(banner(bound, tenants, models));
  };
  let proxy: RunningServer | undefined;
  try {
    const known = options.resourceGroup === undefined ? readCatalogue(context) : undefined;
    if (known) ready(known.models.length);
    const { startServing } = await import("./serving.ts");
    const ending = Promise.race([asked, broken]);
    const how = { port: bound, noAuth, keys: () => ownKeys, tracer, onContent, ending };
    serving = startServing(how, tenants, { ...context, log });
    const { found } = serving;
    const problem = known ? await found : await out.during("Looking for deployments", () => found);
    if (problem) warn(`No models yet: ${problem} The proxy goes on trying.`);
    if (!known) ready(serving.models);
    proxy = await serving.proxy;
    if (!problem && options.resourceGroup === undefined) serving.keep();
    const cause = await ending;
    say(`Letting open streams finish (up to ${drainSeconds} s; a second Ctrl-C ends at once).`);
    await proxy.close({ drain: drainSeconds * 1_000 });
    if (cause instanceof AicoreError) throw cause;
  } finally {
    if (!proxy) bound.close();
    reloader.stop();
    forget();
    await serving?.close();
    await tracer?.close();
  }
  return 0;
}

/** Binds the port; a busy one is told with who holds it. */
async function listen(options: PortOptions & { host: string }, paths: Paths): Promise<BoundPort> {
  try {
    return await bindPort(options);
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== "port_in_use") throw error;
    const { busyPort } = await import("./busy-port.ts");
    throw await busyPort(options.host, options.port, paths);
  }
}

function banner({ url }: BoundPort, { tenants }: Tenants, models: number): string {
  const served = tenants.map(({ profile, resourceGroup, resourceGroups = [resourceGroup] }) => {
    return `${profile}, resource group ${resourceGroups.join(", ")}`;
  });
  return [
    `aicore listens on ${url} (${served.join("; ")}; ${count(models, "model")})`,
    '  Claude Code:  eval "$(aicore env claude)" && claude',
    "  Other tools:  the address and key are in `aicore env --shell json`",
    "  Ctrl-C or `aicore stop` ends it.",
  ].join("\n");
}
