/** `--tls-cert` and `--tls-key`: the files checked before anything is opened, and what their clients have to trust. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { ConfigError, UsageError } from "../errors.ts";
import { nameFor, type ServerTls } from "../proxy/tls.ts";

export interface TlsOptions {
  tlsCert?: string;
  tlsKey?: string;
}

export interface TlsFiles extends ServerTls {
  /** Absolute path of the certificate. */
  path: string;
  /** A sentence each: what will go wrong with clients, or who else can read the key. */
  warnings: string[];
}

/**
 * @param host the address that the server will be bound to
 * @returns undefined when neither option was given
 * @throws UsageError for one without the other; ConfigError naming the file that cannot be used, and why
 */
export function tlsFrom({ tlsCert, tlsKey }: TlsOptions, host: string): TlsFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError("tls_pair", `--tls-cert and --tls-key go together.`, {
      hint: `Add ${tlsCert === undefined ? "--tls-cert <file>" : "--tls-key <file>"}.`,
    });
  }
  const cert = read("--tls-cert", tlsCert);
  const key = read("--tls-key", tlsKey);
  const certificate = certificateIn(cert, tlsCert);
  if (!certificate.checkPrivateKey(keyIn(key, tlsKey))) {
    throw refused(`--tls-key: ${tlsKey} is not the key of the certificate in ${tlsCert}.`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw refused(`--tls-cert: ${tlsCert} cannot be used: ${(cause as Error).message}`);
  }
  const warnings = [
    ...datesWarning(certificate, tlsCert),
    ...(nameFor(cert, host) === undefined ? [`${tlsCert} is not for ${host}: clients will refuse it.`] : []),
    ...(isReadableByOthers(tlsKey) ? [`${tlsKey} is readable by others: chmod 600 ${tlsKey}`] : []),
  ];
  return { cert, key, path: resolve(tlsCert), warnings };
}

/**
 * What a program needs to trust a server with the certificate in `path`: for a self-signed one the file itself, in the
 * variable that Node and Bun read. A certificate of an authority needs that authority, which we cannot know.
 */
export function trustFor(
  path: string,
  env: NodeJS.ProcessEnv,
): { variables: Record<string, string>; warnings: string[] } {
  const own = certificatesIn(path);
  if (!own.some(isSelfSigned)) return { variables: {}, warnings: [] };
  const set = env.NODE_EXTRA_CA_CERTS;
  if (!set) return { variables: { NODE_EXTRA_CA_CERTS: path }, warnings: [] };
  const trusted = certificatesIn(set).map(({ fingerprint256 }) => fingerprint256);
  if (own.some(({ fingerprint256 }) => trusted.includes(fingerprint256))) {
    return { variables: { NODE_EXTRA_CA_CERTS: set }, warnings: [] };
  }
  return {
    variables: {},
    warnings: [`NODE_EXTRA_CA_CERTS is ${set}: the tool will refuse the proxy unless it holds ${path} too.`],
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Those of a PEM file, as far as it can be read. */
function certificatesIn(path: string): X509Certificate[] {
  try {
    return (readFileSync(path, "utf8").match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

const REASONS: Record<string, string> = {
  ENOENT: "not found",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
};

function read(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw refused(`${option}: cannot read ${path}: ${REASONS[code] ?? code}.`, cause);
  }
}

function certificateIn(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw refused(`--tls-cert: ${path} holds no PEM certificate.`, cause);
  }
}

function keyIn(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    if (!pem.includes("ENCRYPTED")) throw refused(`--tls-key: ${path} holds no PEM private key.`, cause);
    throw new ConfigError("tls_invalid", `--tls-key: ${path} is encrypted with a passphrase.`, {
      hint: `Make one without: openssl pkey -in ${path} -out key.pem, and chmod 600 key.pem`,
      cause,
    });
  }
}

function refused(message: string, cause?: unknown): ConfigError {
  return new ConfigError("tls_invalid", message, {
    hint: "Both files are PEM; `mkcert 127.0.0.1 localhost` makes a pair that this machine trusts.",
    cause,
  });
}

function datesWarning({ validFrom, validTo }: X509Certificate, path: string): string[] {
  const now = Date.now();
  if (Date.parse(validTo) < now) return [`${path} expired on ${validTo}: clients will refuse it.`];
  if (Date.parse(validFrom) > now)
    return [`${path} is valid from ${validFrom} only: clients will refuse it.`];
  return [];
}

/** Windows has no modes that Node shows. */
function isReadableByOthers(path: string): boolean {
  return process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0;
}
