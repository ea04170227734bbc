import type { IncomingMessage, ServerResponse } from "node:http";
import type { AicoreClient } from "../aicore/client.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { ApiError } from "../errors.ts";
import type { AcceptedKey } from "../keys/api-key.ts";
import { Gate, type SpentBy } from "../keys/gate.ts";
import type { Logger } from "../log.ts";
import { LearnedRepairs } from "../routing/learned.ts";
import { ResponseIds } from "../routing/response-ids.ts";
import type { Share } from "../routing/shares.ts";
import { Targets } from "../routing/targets.ts";
import type { Ledger } from "../usage/ledger/index.ts";
import { type RequestRecord, Tally } from "../usage/request-record.ts";
import { rowOf } from "../usage/request-row.ts";
import { TokenEstimator } from "../usage/token-estimate.ts";
import { fieldsOf } from "./account.ts";
import type { AdminBackend } from "./admin/backend.ts";
import { type Content, tapContent } from "./content-tap.ts";
import { DEFAULT_TIMING, type ProxyContext, type Timing } from "./context.ts";
import { answerDirectly } from "./direct.ts";
import { Events } from "./events.ts";
import { type Exchange, openExchange, sendError } from "./exchange.ts";
import { Exchanges } from "./exchanges.ts";
import { addressesOf } from "./guard/addresses.ts";
import { admit, type GuardOptions } from "./guard/guard.ts";
import { createKeyRing } from "./guard/keys.ts";
import { createFailureLimiter } from "./guard/limiter.ts";
import { isAdminPath, requireAdmin } from "./guard/require-admin.ts";
import { KnownBodies } from "./known-bodies.ts";
import { Metrics } from "./metrics/index.ts";
import { type BoundPort, bindPort, type PortOptions } from "./port.ts";
import { isOpen } from "./routes.ts";
import { answerUnreadable, answerUpgrade } from "./sockets.ts";
import { statsNow } from "./stats.ts";
import { namesIn } from "./tls.ts";

export interface ProxyOptions extends Omit<PortOptions, "port"> {
  /** 0 for any free port; one that is bound already, which then says `host` and `tls` too. */
  port: number | BoundPort;
  /** The API keys that let a request in, plain or as digests: see `createKeyRing`. */
  keys: readonly AcceptedKey[];
  /** Those of a database are not among them, for it has not been asked yet: see `Proxy.useKeys`. */
  keysIncomplete?: boolean;
  /** What keys have used; without it nothing but requests at the same time is limited. */
  spentBy?: SpentBy;
  /** Lets requests in without a key; Host and Origin are checked all the same. */
  noAuth?: boolean;
  /** Further names that the server is called by, beyond its address, loopback's names and its certificate's; also `host:port`. */
  hosts?: readonly string[];
  catalog: Catalog;
  clients: readonly AicoreClient[];
  log: Logger;
  version: string;
  timing?: Partial<Timing>;
  /** The share of the traffic that a profile gets; default: all alike. */
  shareOf?: (profile: string) => Share;
  /** Whether a conversation stays with the deployment that has its prompt cache; default: yes. */
  affinity?: () => boolean;
  /** Hears of every request to a model, once, when it is over. */
  onRecord?: (record: RequestRecord) => void;
  /** Hears what was said, prompts and answers: only for who asked for it by name (security T25). */
  onContent?: (content: Content) => void;
  /** What answers `/admin`; without it there is nothing to administer. */
  admin?: AdminBackend;
  /** Where bodies are read; default: its own. */
  bodies?: KnownBodies;
  /** For `/stats` and `/metrics`: how the writing of usage is doing. */
  ledger?: Pick<Ledger, "state">;
}

export interface Proxy {
  /** See `BoundPort`. */
  url: string;
  port: number;
  /**
   * Refuses new requests, lets running ones finish for `drain` milliseconds, ends the rest in-band. A second call
   * may shorten the wait.
   */
  close(options?: { drain?: number }): Promise<void>;
  /**
   * Lets these keys in, and no others, from the next request on; nothing changes where none is needed.
   * @param incomplete the database cannot be asked for its keys: one that could be of them is told to come again (503)
   */
  useKeys(keys: readonly AcceptedKey[], incomplete?: boolean): void;
}

const DEFAULT_DRAIN = 10_000;

/**
 * Binds the port and serves.
 * @throws PortError when the address cannot be bound.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const bound =
    typeof options.port === "number" ? await bindPort({ ...options, port: options.port }) : options.port;
  const { server, host, port, tls } = bound;
  // What no request is to blame for, such as an `accept` that fails (security F56); unheard it would end the process.
  server.on("error", (error: NodeJS.ErrnoException) => {
    options.log.once(`server ${error.code}`, "error", `connections cannot be accepted (${error.code})`);
  });
  const guard: GuardOptions = {
    addresses: addressesOf(host, port, tls ? namesIn(tls.cert) : [], !!tls, options.hosts),
    keys: options.noAuth
      ? undefined
      : createKeyRing(options.keys, { incomplete: options.keysIncomplete ?? false }),
    limiter: createFailureLimiter(),
  };
  const context = contextOf(options, () => guard.keys?.size);
  const exchanges = serve(bound, context, guard, options.onContent);
  return {
    url: bound.url,
    port,
    close(how) {
      context.events.close();
      return exchanges.close(server, how?.drain ?? DEFAULT_DRAIN);
    },
    useKeys(keys, incomplete = false) {
      if (!guard.keys) return;
      guard.keys = createKeyRing(keys, { incomplete });
      const ids = new Set(keys.map(({ id }) => id));
      context.events.keep(({ id }) => ids.has(id));
    },
  };
}

function contextOf(options: ProxyOptions, keyCount: () => number | undefined): ProxyContext {
  const clients = new Map(options.clients.map((client) => [client.tenant.profile, client]));
  const { shareOf, affinity, log, admin, ledger } = options;
  const tally = new Tally();
  const metrics = new Metrics(options.catalog, (record) => admin?.unitsOf(record));
  const context: ProxyContext = {
    catalog: options.catalog,
    clientFor(deployment) {
      const client = clients.get(deployment.profile);
      if (client) return client;
      throw new ApiError(500, `There is no client for profile '${deployment.profile}'.`);
    },
    targets: new Targets({ ...(shareOf && { shareOf }), ...(affinity && { affinity }) }),
    learned: new LearnedRepairs(),
    responses: new ResponseIds(),
    estimator: new TokenEstimator(),
    bodies: options.bodies ?? new KnownBodies(),
    tally,
    gate: new Gate(options.spentBy),
    record(record) {
      tally.add(record);
      metrics.add(record);
      if (admin) context.events.finished(() => rowOf(record, admin.unitsOf(record)));
      options.onRecord?.(record);
      if (log.hears("info")) log.info(record.outcome, fieldsOf(record));
    },
    log,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    version: options.version,
    startedAt: Date.now(),
    ...(admin && { admin }),
    ...(ledger && { ledger }),
    keyCount,
    events: new Events(() => statsNow(context)),
    metrics,
  };
  return context;
}

function serve(
  bound: BoundPort,
  context: ProxyContext,
  guard: GuardOptions,
  onContent: ProxyOptions["onContent"],
): Exchanges {
  const exchanges = new Exchanges();
  const answerByRoute = routerFor(context);
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const exchange = openExchange(request, response);
    try {
      const open = isOpen(request.method, exchange.path);
      exchange.key = admit(request, open, guard);
      if (isAdminPath(exchange.path)) requireAdmin(exchange);
      exchanges.enter(exchange, open);
    } catch (error) {
      sendError(exchange, error, context.log);
      return;
    }
    if (onContent && !isAdminPath(exchange.path)) tapContent(exchange, onContent);
    if (!answerDirectly(exchange, context)) answerByRoute(exchange);
  };
  bound.server.on("clientError", answerUnreadable);
  bound.serve({ request: handle, upgrade: (request, socket) => answerUpgrade(request, socket, guard) });
  return exchanges;
}

/** The router, loaded for the first request that it is for. */
function routerFor(context: ProxyContext): (exchange: Exchange) => void {
  let loading: Promise<(exchange: Exchange) => void> | undefined;
  return (exchange) => {
    loading ??= import("./router.ts").then(({ createRouter }) => createRouter(context));
    loading.then(
      (answer) => answer(exchange),
      (error: unknown) => sendError(exchange, error, context.log),
    );
  };
}
