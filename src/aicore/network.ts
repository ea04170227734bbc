import { rootCertificates } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** How calls leave this machine: corporate proxies, certificate authorities, the keep-alive pool. */
export interface Network {
  readonly dispatcher: Dispatcher;
  /** The proxy that a call to this URL goes through, its password masked; undefined for a direct call. */
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
}

const CONNECT_TIMEOUT = 10_000;
const KEEP_ALIVE = 60_000;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * A pool without a cap on connections (a cap below the number of open streams queues them: 7.1 s to the first
 * event with 8 connections and 50 streams, measured 2026-11) and without pipelining. Loopback is never proxied.
 */
export function createNetwork(options: NetworkOptions = {}): Network {
  const proxyTls = {
    timeout: CONNECT_TIMEOUT,
    ...(options.extraCa?.length ? { ca: [...rootCertificates, ...options.extraCa] } : {}),
  };
  const tls = {
    ...proxyTls,
    ...(options.clientCertificate
      ? { cert: options.clientCertificate.certificate, key: options.clientCertificate.key }
      : {}),
  };
  const noProxy =
    options.noProxy?.trim() === "*" ? "*" : [options.noProxy, ...LOOPBACK].filter(Boolean).join(",");
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: options.httpProxy ?? "",
    httpsProxy: options.httpsProxy ?? options.httpProxy ?? "",
    noProxy,
    connect: tls,
    requestTls: tls,
    proxyTls,
    keepAliveTimeout: KEEP_ALIVE,
    pipelining: 1,
  });
  const children: Network[] = [];
  return {
    dispatcher,
    proxyFor(url) {
      const proxy = url.protocol === "https:" ? (options.httpsProxy ?? options.httpProxy) : options.httpProxy;
      return proxy && !bypasses(url, noProxy) ? masked(proxy) : undefined;
    },
    withCertificate(clientCertificate) {
      const child = createNetwork({ ...options, clientCertificate });
      children.push(child);
      return child;
    },
    async close() {
      await Promise.all([dispatcher.destroy(), ...children.map((child) => child.close())]);
    },
  };
}

/** Whether NO_PROXY covers the host: exact, by suffix, or `*`; the same reading as undici's. */
function bypasses(url: URL, noProxy: string): boolean {
  if (noProxy === "*") return true;
  return noProxy.split(/[\s,]+/).some((entry) => {
    const [, name = "", port] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (port && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) return false;
    const suffix = name.replace(/^\*?\./, "");
    return suffix !== "" && (url.hostname === suffix || url.hostname.endsWith(`.${suffix}`));
  });
}

function masked(proxy: string): string {
  const url = new URL(proxy);
  return url.username ? `${url.protocol}//***@${url.host}` : url.origin;
}
