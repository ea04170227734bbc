import { isIP } from "node:net";

/**
 * Which `Host` and `Origin` values are ours (security T1, T2). Loopback is not trusted: any web page can make a
 * browser call it, and DNS rebinding makes such a call look like one to a name of the attacker's.
 */
export interface Addresses {
  allowsHost(host: string): boolean;
  allowsOrigin(origin: string): boolean;
}

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * The names under which the server bound to `host`:`port` may be called. Beyond loopback that is the bound name,
 * and for a wildcard address any IP literal: a rebinding attack needs a name.
 * @param certified the names of its certificate
 * @param tls whether it speaks https: then its pages do too, and 443 is the port that goes unsaid
 * @param forwarded names whose requests somebody hands on, such as a route or an ingress, `host` or `host:port`; the port
 * may go unsaid, for it is not ours
 */
export function addressesOf(
  host: string,
  port: number,
  certified: readonly string[] = [],
  tls = false,
  forwarded: readonly string[] = [],
): Addresses {
  const outside = new Set(forwarded.map((name) => name.toLowerCase()));
  const names = new Set([
    ...LOOPBACK_NAMES,
    bracketed(host.toLowerCase()),
    ...certified.map((name) => name.toLowerCase()),
    ...outside,
  ]);
  const wildcard = host === "0.0.0.0" || host === "::";
  names.delete("0.0.0.0");
  names.delete("[::]");
  const isOurs = (value: string, unsaid: number) => {
    const [, name = "", given] =
      /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::(\d{1,5}))?$/.exec(value.toLowerCase()) ?? [];
    if (outside.has(given === undefined ? name : `${name}:${given}`)) return true;
    if (Number(given ?? unsaid) !== port) return false;
    return names.has(name) || (wildcard && isLiteral(name) && name !== "0.0.0.0" && name !== "[::]");
  };
  return {
    allowsHost: (value) => isOurs(value, tls ? 443 : 80),
    allowsOrigin(origin) {
      const [, scheme, rest = ""] = /^(https?):\/\/(.*)$/.exec(origin) ?? [];
      if (scheme === undefined || (tls && scheme !== "https")) return false;
      return isOurs(rest, scheme === "https" ? 443 : 80);
    },
  };
}

/** Whether an address to listen on is reachable from this machine only. A name other than localhost may mean any. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

/** A host as it stands in a URL. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function isLiteral(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}
