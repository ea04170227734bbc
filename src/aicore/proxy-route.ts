/** A proxy as a variable names it. */
export interface CorporateProxy {
  url: URL;
  /** For messages: never with a user or a password. */
  masked: string;
  /** The value of `proxy-authorization`. */
  authorization: string | undefined;
}

export interface RouteOptions {
  httpsProxy?: string | undefined;
  httpProxy?: string | undefined;
  noProxy?: string | undefined;
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Which proxy a call goes through, undefined for none: https calls through HTTPS_PROXY, else HTTP_PROXY; http calls
 * through HTTP_PROXY; loopback and what NO_PROXY covers directly.
 */
export function routesOf(options: RouteOptions): (url: URL) => CorporateProxy | undefined {
  const httpProxy = options.httpProxy ? readProxy(options.httpProxy) : undefined;
  const httpsProxy = options.httpsProxy ? readProxy(options.httpsProxy) : httpProxy;
  const bypasses = readNoProxy([options.noProxy ?? "", ...LOOPBACK].join(","));
  return (url) => (bypasses(url) ? undefined : url.protocol === "https:" ? httpsProxy : httpProxy);
}

function readProxy(text: string): CorporateProxy {
  const url = new URL(text);
  const { username, password } = url;
  const named = username !== "" || password !== "";
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return {
    url,
    masked: named ? `${url.protocol}//***@${url.host}` : url.origin,
    authorization: named ? `Basic ${credentials}` : undefined,
  };
}

/** A `%` that encodes nothing stands for itself, as in curl. */
function decoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/**
 * NO_PROXY: names parted by commas or spaces. `sap.com`, `.sap.com` and `*.sap.com` all mean that host and every one
 * below it; a port behind a colon narrows it; `*` means everything. Addresses match as they are written: a range
 * (CIDR) matches nothing, for hosts are compared before they are resolved.
 */
function readNoProxy(list: string): (url: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .map((entry) => {
      const [, name = "", port] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      return { host: name.replace(/^\*?\./, ""), port };
    })
    .filter(({ host }) => host !== "");
  return (url) =>
    entries.some(({ host, port }) => {
      if (port && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) return false;
      return host === "*" || url.hostname === host || url.hostname.endsWith(`.${host}`);
    });
}
