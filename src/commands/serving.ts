/** The inside of `aicore serve`, behind a port that is bound: the tenants' models, the ledger, the server. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../catalog/catalog.ts";
import { asAicoreError } from "../errors.ts";
import type { AcceptedKey } from "../keys/api-key.ts";
import type { BoundPort } from "../proxy/port.ts";
import type { Proxy as RunningServer } from "../proxy/server.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { keepCatalogue } from "./catalogue-cache.ts";
import { ledgerFor } from "./ledger.ts";
import { proxyOptions } from "./proxy-options.ts";
import { rateBookFor } from "./rates.ts";
import { sessionOf } from "./session.ts";
import type { Tenants } from "./tenants.ts";
import type { Context } from "./types.ts";

const DISCOVERY_WAIT = 3_000;
/** Milliseconds that requests wait at the port for the keys of a database that does not answer. */
const KEYS_WAIT = 10_000;
/** Milliseconds in which the discovery has the processor for itself. */
const HEAD_START = 50;

export interface ServingOptions {
  port: BoundPort;
  /** Lets requests in without a key. */
  noAuth: boolean;
  /** Those that a user chose, as they are now; the keys of the database come to them. */
  keys(): readonly AcceptedKey[];
  tracer: Tracer | undefined;
  onContent: ((content: object) => void) | undefined;
  /** Settles when nobody has to be served any more. */
  ending: Promise<unknown>;
}

export interface Serving {
  /** Over when the models are known, with why not in so many words, or when "ready" need not wait for them any more. */
  found: Promise<string | undefined>;
  /** How many models there are. */
  readonly models: number;
  /** Over when requests are answered. */
  proxy: Promise<RunningServer>;
  /** Puts settings and keys that have changed in force. */
  renew(): void;
  /** Remembers the models for the next start. */
  keep(): void;
  /** The proxy first: see `RunningServer.close`. */
  close(): Promise<void>;
}

/** Begins to look for models and to load the server; `found` and `proxy` tell how far it is. */
export function startServing(options: ServingOptions, found: Tenants, context: Context): Serving {
  const { noAuth, tracer, ending } = options;
  const { settings } = found;
  const session = sessionOf(found, context);
  const { catalog } = session;
  const rates = rateBookFor(session, context.log);
  const ledger = ledgerFor(context, settings, { rates });
  let running: RunningServer | undefined;
  const keys = () => [...options.keys(), ...(ledger.keys ?? [])];
  const useKeys = () => running?.useKeys(keys(), ledger.keys === undefined);
  ledger.onKeys(useKeys);
  const discovered = discover(catalog, ending);
  void discovered.then(() => rates.start());
  const known = Promise.race([ledger.looked(), sleep(KEYS_WAIT, undefined, { ref: false }), ending]);
  const proxy = Promise.all([loadServer(discovered), known]).then(async ([{ startProxy }]) => {
    running = await startProxy({
      port: options.port,
      noAuth,
      keys: keys(),
      keysIncomplete: ledger.keys === undefined,
      hosts: settings.value("server.hosts"),
      ...proxyOptions(context, session),
      ...ledger.recorded,
      ...(options.onContent && { onContent: options.onContent }),
      onRecord(record) {
        tracer?.record(record);
        ledger.recorded.onRecord(record);
      },
    });
    useKeys();
    return running;
  });
  proxy.catch(() => {}); // Whoever waits for it hears.
  return {
    found: discovered,
    get models() {
      return catalog.models().length;
    },
    proxy,
    renew() {
      useKeys();
      catalog.useAliases(settings.aliases, settings.value("models.strict"));
    },
    keep: () => keepCatalogue(context, session),
    async close() {
      await ledger.close();
      await session.close();
    },
  };
}

/**
 * The routes with all dialects and upstreams: half a megabyte. They load while SAP's answers are on their way, but an
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
