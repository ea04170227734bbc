import * as tls from "node:tls";
import type { Pool as UndiciPool } from "undici";
import { type Clock, systemClock } from "./clock.ts";
import { Pools } from "./pools.ts";
import { routesOf } from "./proxy-route.ts";
import { tunnelThrough } from "./tunnel.ts";
import { buildConnector, Pool } from "./undici.ts";

/** How calls leave this machine: corporate proxies, certificate authorities, the keep-alive pools. */
export interface Network {
  /** The pool to send one call to `url` on. Asked for anew each time: pools are replaced. */
  poolFor(url: URL): UndiciPool;
  /** After a connection of this pool broke: the next calls go out on fresh ones. Calls under way are left alone. */
  renew(pool: UndiciPool): void;
  /** The proxy that a call to this URL goes through, its credentials masked; undefined for a direct call. */
  proxyFor(url: URL): string | undefined;
  /** This network with a client certificate, for the mTLS token host; it closes together with this one. */
  withCertificate(clientCertificate: ClientCertificatePem): Network;
  close(): Promise<void>;
}

interface ClientCertificatePem {
  certificate: string;
  key: string;
}

export interface NetworkOptions {
  httpsProxy?: string | undefined;
  httpProxy?: string | undefined;
  noProxy?: string | undefined;
  /**
   * PEM texts to trust beside Node's own roots. Giving any replaces Node's default list, and with it what
   * NODE_EXTRA_CA_CERTS added at start, so the caller passes that file's text too.
   */
  extraCa?: readonly string[] | undefined;
  /** Client certificate for mTLS (x509 service keys), on the token host only. */
  clientCertificate?: ClientCertificatePem | undefined;
  /** Milliseconds for a proxy to open a tunnel, and for a host to accept a connection. Default 10,000. */
  connectTimeout?: number | undefined;
  clock?: Clock | undefined;
}

const CONNECT_TIMEOUT = 10_000;
const KEEP_ALIVE = 60_000;

/**
 * Pools without a cap on connections (a cap below the number of open streams queues them: 7.1 s to the first
 * event with 8 connections and 50 streams, measured 2026-11) and without pipelining. Loopback is never proxied.
 */
export function createNetwork(options: NetworkOptions = {}): Network {
  const routeTo = routesOf(options);
  const trust = contextOf(options.extraCa);
  const own = contextOf(options.extraCa, options.clientCertificate);
  const timeout = options.connectTimeout ?? CONNECT_TIMEOUT;
  const direct = buildConnector({ timeout, ...(own && { secureContext: own }) });
  const pools = new Pools((origin) => {
    const proxy = routeTo(new URL(origin));
    const connect = proxy ? tunnelThrough({ proxy, trust, secure: direct, timeout }) : direct;
    return new Pool(origin, { connect, keepAliveTimeout: KEEP_ALIVE, pipelining: 1 });
  }, options.clock ?? systemClock);
  const children: Network[] = [];
  return {
    poolFor: (url) => pools.poolFor(url.origin),
    renew: (pool) => pools.renew(pool),
    proxyFor: (url) => routeTo(url)?.masked,
    withCertificate(clientCertificate) {
      const child = createNetwork({ ...options, clientCertificate });
      children.push(child);
      return child;
    },
    async close() {
      await Promise.all([pools.destroy(), ...children.map((child) => child.close())]);
    },
  };
}

/**
 * Made once for all connections: each time it costs 18 ms of CPU to read 144 authorities (Node 20, 2026-11).
 * Undefined where Node's own context will do.
 */
function contextOf(
  extraCa: readonly string[] = [],
  clientCertificate?: ClientCertificatePem,
): tls.SecureContext | undefined {
  if (extraCa.length === 0 && !clientCertificate) return undefined;
  return tls.createSecureContext({
    ...(extraCa.length > 0 && { ca: [...defaultAuthorities(), ...extraCa] }),
    ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key }),
  });
}

/** Node's roots, and where Node can tell (22.15 and up) also the system's that `--use-system-ca` adds. */
function defaultAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return getCACertificates?.("default") ?? tls.rootCertificates;
}
