import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfigError } from "../errors.ts";

/** What the environment says about the way out, checked, for `createNetwork`. */
export interface NetworkEnvironment {
  httpsProxy?: string;
  httpProxy?: string;
  noProxy?: string;
  /** PEM texts to trust beside Node's own roots. */
  extraCa?: string[];
}

/**
 * The corporate-network variables, checked before anything is sent: Node and undici ignore most mistakes in them, and
 * the user would see a TLS error or a timeout instead.
 * @param caFile the setting `tls.caFile`
 * @throws ConfigError naming the variable or the setting
 */
export function checkNetworkEnvironment(env: NodeJS.ProcessEnv, caFile?: string): NetworkEnvironment {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
    throw new ConfigError(
      "tls_disabled",
      "NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off: anyone on the way could take the secret.",
      {
        hint: "Unset it. For the certificate authority of a company, set NODE_EXTRA_CA_CERTS=/path/to/ca.pem.",
      },
    );
  }
  const httpsProxy = proxy(env, "HTTPS_PROXY");
  const httpProxy = proxy(env, "HTTP_PROXY");
  const noProxy = variable(env, "NO_PROXY")?.value;
  const extraCa = [
    ...(env.NODE_EXTRA_CA_CERTS ? [certificates("NODE_EXTRA_CA_CERTS", env.NODE_EXTRA_CA_CERTS)] : []),
    ...(caFile ? [certificates("tls.caFile", caFile)] : []),
  ];
  return {
    ...(httpsProxy ? { httpsProxy } : {}),
    ...(httpProxy ? { httpProxy } : {}),
    ...(noProxy ? { noProxy } : {}),
    ...(extraCa.length > 0 ? { extraCa } : {}),
  };
}

/** The lower-case spelling goes first, as in curl. Many write `host:port`: that is an http proxy everywhere. */
function proxy(env: NodeJS.ProcessEnv, upperCase: string): string | undefined {
  const found = variable(env, upperCase);
  if (!found) return undefined;
  const text = /^[\w.-]+:\d{1,5}\/?$/.test(found.value) ? `http://${found.value}` : found.value;
  if (/@/.test(text.replace(/^[^/?#]*\/\/[^/?#]*/, ""))) throw unreadableCredentials(found.name);
  if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) return text;
  throw new ConfigError("proxy_invalid", `${found.name}: only http:// and https:// proxies are supported`, {
    hint: `Set it like this: ${found.name}=http://proxy.example.com:8080`,
  });
}

/** A `/`, `?` or `#` in a password ends the host there: what stands before it would be dialled. */
function unreadableCredentials(name: string): ConfigError {
  return new ConfigError("proxy_invalid", `${name}: the user or password holds characters that end a host`, {
    hint: "Percent-encode them: / is %2F, ? is %3F, # is %23, @ is %40.",
  });
}

function variable(env: NodeJS.ProcessEnv, upperCase: string): { name: string; value: string } | undefined {
  const name = [upperCase.toLowerCase(), upperCase].find((candidate) => env[candidate]?.trim());
  return name ? { name, value: env[name]?.trim() ?? "" } : undefined;
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @param name of the variable or the setting that holds `path` */
function certificates(name: string, path: string): string {
  const text = read(name, path);
  const blocks = text.match(PEM) ?? [];
  const bad = blocks.findIndex((block) => !isCertificate(block));
  if (blocks.length > 0 && bad < 0) return text;
  const what = bad < 0 ? "holds no PEM certificate" : `certificate ${bad + 1} is not valid PEM`;
  throw new ConfigError("ca_invalid", `${name}: ${path} ${bad < 0 ? what : `is damaged: ${what}`}`);
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("ca_unreadable", `${name}: cannot read ${path}`, {
      hint: "Correct the path or unset it: Node itself would go on without these certificates.",
      cause,
    });
  }
}

function isCertificate(block: string): boolean {
  try {
    return Boolean(new X509Certificate(block));
  } catch {
    return false;
  }
}
