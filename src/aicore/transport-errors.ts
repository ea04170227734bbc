import { ApiError } from "../errors.ts";

interface Explanation {
  status: number;
  reason: string;
  message: (where: string) => string;
  hint?: string;
  retryAfter?: number;
}

const CA_HINT =
  "Behind a company proxy that inspects TLS, set NODE_EXTRA_CA_CERTS (or `tls.caFile`) to its certificate authority.";
const RESET: Explanation = {
  status: 502,
  reason: "connection_reset",
  message: (where) => `The connection to ${where} broke before the answer was complete.`,
};
const NOT_TRUSTED: Explanation = {
  status: 502,
  reason: "tls_error",
  message: (where) => `The TLS certificate of ${where} is not trusted.`,
  hint: CA_HINT,
};
const NOT_TLS: Explanation = {
  status: 502,
  reason: "tls_error",
  message: (where) => `${where} did not answer with TLS.`,
};
const OUT_OF_FILES: Explanation = {
  status: 529,
  reason: "out_of_files",
  message: () => "aicore is out of file handles.",
  hint: "Raise the limit where it runs: ulimit -n.",
  retryAfter: 1,
};
const UNREADABLE: Explanation = {
  status: 502,
  reason: "bad_answer",
  message: (where) => `${where} sent an answer that is not valid HTTP.`,
};

/** Codes of Node, OpenSSL and undici 7.30 as they were seen on injected faults (2026-11). */
const EXPLANATIONS: Record<string, Explanation> = {
  ECONNREFUSED: {
    status: 502,
    reason: "unreachable",
    message: (where) => `Cannot reach ${where}: connection refused.`,
  },
  EHOSTUNREACH: {
    status: 502,
    reason: "unreachable",
    message: (where) => `Cannot reach ${where}: no route.`,
  },
  ENETUNREACH: {
    status: 502,
    reason: "unreachable",
    message: (where) => `Cannot reach ${where}: no network.`,
  },
  ENOTFOUND: {
    status: 502,
    reason: "dns_error",
    message: (where) => `Cannot find ${where}: the name does not resolve.`,
    hint: "Check the network, the VPN and HTTPS_PROXY; the host comes from the service key.",
  },
  EAI_AGAIN: {
    status: 502,
    reason: "dns_error",
    message: (where) => `Cannot find ${where}: name resolution failed for now.`,
    hint: "Check the network, the VPN and HTTPS_PROXY.",
  },
  UND_ERR_CONNECT_TIMEOUT: {
    status: 504,
    reason: "timeout",
    message: (where) => `${where} did not accept a connection within 10 s.`,
  },
  ETIMEDOUT: { status: 504, reason: "timeout", message: (where) => `The connection to ${where} timed out.` },
  UND_ERR_HEADERS_TIMEOUT: {
    status: 504,
    reason: "timeout",
    message: (where) => `${where} did not answer in time.`,
  },
  UND_ERR_BODY_TIMEOUT: {
    status: 504,
    reason: "timeout",
    message: (where) => `${where} fell silent in mid-answer.`,
  },
  ECONNRESET: RESET,
  EPIPE: RESET,
  UND_ERR_SOCKET: RESET,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: RESET,
  UND_ERR_HEADERS_OVERFLOW: UNREADABLE,
  HTTPParserError: UNREADABLE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  CERT_HAS_EXPIRED: { ...NOT_TRUSTED, message: (where) => `The TLS certificate of ${where} has expired.` },
  CERT_NOT_YET_VALID: {
    ...NOT_TRUSTED,
    message: (where) => `The TLS certificate of ${where} is not valid yet.`,
    hint: "Check the clock of this machine.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    ...NOT_TRUSTED,
    message: (where) => `The TLS certificate of ${where} is for another host.`,
  },
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
  EPROTO: NOT_TLS,
  EMFILE: OUT_OF_FILES,
  ENFILE: OUT_OF_FILES,
};

/**
 * A failed call as an error that names the culprit: the host, or the corporate proxy in between (a refused
 * HTTPS_PROXY looks just like a refused host). `proxy` is already masked.
 */
export function describeTransportError(error: Error, url: URL, proxy: string | undefined): ApiError {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const status = /Proxy response \((\d+)\)/.exec(error.message)?.[1];
  if (proxy && status) {
    const credentials = status === "407" ? "; it wants a user and a password" : "";
    return new ApiError(502, `The proxy ${proxy} refused the connection (${status})${credentials}.`, {
      reason: "proxy_error",
      hint: "Check HTTPS_PROXY.",
      cause: error,
    });
  }
  const before =
    proxy &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code);
  const where = before ? `the proxy ${proxy}` : url.host;
  const known = EXPLANATIONS[code] ?? EXPLANATIONS[error.name];
  if (!known) {
    return new ApiError(502, `The call to ${where} failed (${code}).`, {
      reason: "unreachable",
      cause: error,
    });
  }
  return new ApiError(known.status, known.message(where), {
    reason: before ? "proxy_error" : known.reason,
    cause: error,
    ...(known.retryAfter === undefined ? {} : { retryAfter: known.retryAfter }),
    ...(before ? { hint: "Check HTTPS_PROXY." } : known.hint === undefined ? {} : { hint: known.hint }),
  });
}
