import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { AicoreClient } from "../aicore/client.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { ApiError, PortError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { LearnedRepairs } from "../routing/learned.ts";
import { ResponseIds } from "../routing/response-ids.ts";
import type { Share } from "../routing/shares.ts";
import { Targets } from "../routing/targets.ts";
import { type RequestRecord, Tally } from "../usage/request-record.ts";
import { TokenEstimator } from "../usage/token-estimate.ts";
import { fieldsOf } from "./account.ts";
import { type AppBindings, createApp } from "./app.ts";
import { DEFAULT_TIMING, type ProxyContext, type Timing } from "./context.ts";
import { openExchange, sendError } from "./exchange.ts";
import { Exchanges } from "./exchanges.ts";
import { addressesOf, bracketed } from "./guard/addresses.ts";
import { admit, type GuardOptions } from "./guard/guard.ts";
import { createKeyRing } from "./guard/keys.ts";
import { createFailureLimiter } from "./guard/limiter.ts";
import { isOpen } from "./routes.ts";
import { answerUnreadable, answerUpgrade } from "./sockets.ts";
import { createTlsServer, nameFor, namesIn, type ServerTls } from "./tls.ts";

export interface ProxyOptions {
  /** Default 127.0.0.1: node-server's own default would be every interface. */
  host?: string;
  /** 0 for any free port. */
  port: number;
  /** The API keys that let a request in, plain or as digests: see `createKeyRing`. */
  keys: readonly string[];
  /** Lets requests in without a key; Host and Origin are checked all the same. */
  noAuth?: boolean;
  /** Further names that the server is called by, beyond its address, loopback's names and its certificate's. */
  hosts?: readonly string[];
  /** Serves https in place of http. */
  tls?: ServerTls;
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
}

export interface Proxy {
  /**
   * With an IP address: another program may own the same port on `[::1]` (security T6). With TLS, where the certificate
   * tells the two apart, a name of the certificate if it does not hold the address.
   */
  url: string;
  port: number;
  /**
   * Refuses new requests, lets running ones finish for `drain` milliseconds, ends the rest in-band. A second call
   * may shorten the wait.
   */
  close(options?: { drain?: number }): Promise<void>;
  /** Lets these keys in, and no others, from the next request on; nothing changes where none is needed. */
  useKeys(keys: readonly string[]): void;
}

const DEFAULT_DRAIN = 10_000;
const LIMITS = { connectionsCheckingInterval: 5_000 };

/**
 * Binds the port and serves.
 * @throws PortError when the address cannot be bound.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const host = options.host ?? "127.0.0.1";
  const { tls } = options;
  const server = tls ? createTlsServer(tls, LIMITS) : createServer(LIMITS);
  setTimeouts(server);
  await listen(server, host, options.port);
  const bound = server.address() as AddressInfo;
  const { port } = bound;
  // What no request is to blame for, such as an `accept` that fails (security F56); unheard it would end the process.
  server.on("error", (error: NodeJS.ErrnoException) => {
    options.log.once(`server ${error.code}`, "error", `connections cannot be accepted (${error.code})`);
  });
  const guard: GuardOptions = {
    addresses: addressesOf(host, port, [...(options.hosts ?? []), ...(tls ? namesIn(tls.cert) : [])], !!tls),
    keys: options.noAuth ? undefined : createKeyRing(options.keys),
    limiter: createFailureLimiter(),
  };
  const exchanges = serve(server, contextOf(options), guard);
  return {
    url: `${tls ? "https" : "http"}://${bracketed((tls && nameFor(tls.cert, host)) ?? nameOf(host, bound))}:${port}`,
    port,
    close: (how) => exchanges.close(server, how?.drain ?? DEFAULT_DRAIN),
    useKeys(keys) {
      if (guard.keys) guard.keys = createKeyRing(keys);
    },
  };
}

/** Where a server is called that is bound to `host`; a wildcard is called on loopback. */
function nameOf(host: string, { address }: AddressInfo): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host === "localhost" ? address : host;
}

/** Slow or silent clients hold nothing for long: the head in 15 s, the body in 2 minutes (security T22). */
function setTimeouts(server: Server): void {
  server.headersTimeout = 15_000;
  server.requestTimeout = 120_000;
  server.keepAliveTimeout = 65_000;
}

function contextOf(options: ProxyOptions): ProxyContext {
  const clients = new Map(options.clients.map((client) => [client.tenant.profile, client]));
  const { shareOf, affinity, log } = options;
  const tally = new Tally();
  return {
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
    tally,
    record(record) {
      tally.add(record);
      options.onRecord?.(record);
      if (log.level === "debug") log.debug("answered", fieldsOf(record));
    },
    log,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    version: options.version,
    startedAt: Date.now(),
  };
}

function serve(server: Server, context: ProxyContext, guard: GuardOptions): Exchanges {
  const app = createApp(context);
  const exchanges = new Exchanges();
  // No WeakMap: its values outlive every minor collection (V8), and so would all that an exchange holds.
  const opened = new Map<object, ReturnType<typeof openExchange>>();
  const listener = getRequestListener(
    (request, env) => {
      const exchange = opened.get(env.incoming);
      opened.delete(env.incoming);
      return app.fetch(request, { ...env, exchange } as AppBindings);
    },
    { overrideGlobalObjects: false, autoCleanupIncoming: false },
  );
  server.on("request", (request, response) => {
    const exchange = openExchange(request, response);
    try {
      const open = isOpen(request.method, exchange.path);
      admit(request, open, guard);
      exchanges.enter(exchange, open);
    } catch (error) {
      sendError(exchange, error, context.log);
      return;
    }
    opened.set(request, exchange);
    void listener(request, response);
  });
  server.on("upgrade", (request, socket: Socket) => answerUpgrade(request, socket, guard));
  server.on("clientError", answerUnreadable);
  return exchanges;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function portError(error: NodeJS.ErrnoException, host: string, port: number): PortError {
  const other = "Use another one with --port, or --port 0 for any free port.";
  switch (error.code) {
    case "EADDRINUSE":
      return new PortError("port_in_use", `Port ${port} is used by another program.`, {
        hint: other,
        cause: error,
      });
    case "EACCES":
      return new PortError("port_denied", `Port ${port} may not be used by this user.`, {
        hint: other,
        cause: error,
      });
    default:
      return new PortError("cannot_listen", `Cannot listen on ${host}:${port} (${error.code}).`, {
        cause: error,
      });
  }
}
