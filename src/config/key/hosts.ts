import { CredentialsError } from "../../errors.ts";

/**
 * Where a secret may travel. The domains are SAP's own: BTP and AI Core (`*.hana.ondemand.com`), the brand's top-level
 * domain, and BTP in China. Customers' own apps live under some of them and are cut out again: whoever rents one
 * could collect keys there. A sieve, not a fence: the fence is that a stored secret is bound to its origins.
 */
const SAP_DOMAINS = ["ondemand.com", "sap", "sapcloud.cn"];
const CUSTOMER_APPS = /(^|\.)(cfapps|kyma|hanatrial)\./;
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);
const IP_LITERAL = /^\[|^\d+(\.\d+){3}$/;

/**
 * A URL that a service key names, checked and without a slash at its end.
 * @param name how the field is called where the user wrote it
 * @param allowHosts further host suffixes that the user vouches for (`--allow-host`)
 * @throws CredentialsError naming the field, and the host at most: the rest of a URL may hold a password
 */
export function checkKeyUrl(text: string, name: string, allowHosts: readonly string[] = []): string {
  const url = parse(text, name);
  if (url.username || url.password || text.includes("@"))
    throw refused(name, "must not contain a user or a password");
  if (/[#?]/.test(text)) throw refused(name, 'must not contain "#" or "?"');
  if (!LOOPBACK.has(url.hostname)) checkHost(url, name, allowHosts);
  return url.href.replace(/\/+$/, "");
}

function parse(text: string, name: string): URL {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) {
    throw refused(name, "is not an https:// URL");
  }
  return new URL(text);
}

function checkHost(url: URL, name: string, allowHosts: readonly string[]): void {
  const { hostname } = url;
  if (url.protocol !== "https:") throw refused(name, "must start with https://");
  if (IP_LITERAL.test(hostname)) throw refused(name, `must name a host, not an address (${hostname})`);
  const vouched = allowHosts.some((suffix) => isUnder(hostname, suffix.toLowerCase().replace(/^\*?\./, "")));
  const known = SAP_DOMAINS.some((domain) => isUnder(hostname, domain)) && !CUSTOMER_APPS.test(hostname);
  if (vouched || known) return;
  throw new CredentialsError("key_host", `${name}: ${hostname} is not a host of SAP AI Core.`, {
    hint: `If you trust it with the secret, add --allow-host ${hostname} to \`aicore login\`.`,
  });
}

function isUnder(hostname: string, domain: string): boolean {
  return domain !== "" && (hostname === domain || hostname.endsWith(`.${domain}`));
}

function refused(name: string, what: string): CredentialsError {
  return new CredentialsError("key_url", `${name} ${what}.`, {
    hint: "Use the service key as SAP made it: its URLs are plain https:// addresses.",
  });
}
