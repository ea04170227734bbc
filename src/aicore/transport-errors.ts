import { ApiError } from "../errors.ts";
import { ProxyError } from "./tunnel.ts";

interface Explanation {
  status: number;
  reason: string;
  message: (where: string) => string;
  hint?: string;
  retryAfter?: number;
}

const CA_HINT =
  "Behind a company proxy that inspects TLS, set NODE_EXTRA_CA_CERTS (or `tls.caFile`) to its certificate authority.";
const NETWORK_HINT = "Check the network, the VPN and HTTPS_PROXY.";
const CHECK_PROXY = "Check HTTPS_PROXY.";
const RESET: Explanation = {
  status: 502,
  reason: "connection_reset",
  message: (where) => `The connection to ${where} broke before the answer was complete.`,
};
const NO_NETWORK: Explanation = {
  status: 502,
  reason: "unreachable",
  message: (where) => `Cannot reach ${where}: no network.`,
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
/** Node's words; its code is ECONNRESET, as for a connection that breaks later. */
const CUT_HANDSHAKE = "before secure TLS connection was established";
const CUT: Explanation = {
  ...RESET,
  message: (where) => `The connection to ${where} was cut while TLS was set up.`,
  hint: NETWORK_HINT,
};
const NO_HANDSHAKE: Explanation = {
  status: 502,
  reason: "tls_error",
  message: (where) => `${where} and aicore could not agree on a TLS connection.`,
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
  ENETUNREACH: NO_NETWORK,
  ENETDOWN: NO_NETWORK,
  EADDRNOTAVAIL: NO_NETWORK,
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
    hint: NETWORK_HINT,
  },
  UND_ERR_CONNECT_TIMEOUT: {
    status: 504,
    reason: "timeout",
    message: (where) => `${where} did not accept a connection in time.`,
    hint: NETWORK_HINT,
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

/** What a connection that carried calls before breaks with; a call that we ended ourselves has none of these. */
const BROKEN =
  /^(ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

/** Whether an error says that its connection is dead, and so perhaps all that were made with it. */
export function tellsOfBrokenConnection(error: Error): boolean {
  return BROKEN.test(codeOf(error));
}

/**
 * A failed call as an error that names the culprit: the host, or the corporate proxy in between.
 * @param proxy the one that the call went through, already masked
 */
export function describeTransportError(error: Error, url: URL, proxy: string | undefined): ApiError {
  if (proxy && error instanceof ProxyError) return describeProxyError(error, url, proxy);
  const { status, reason, message, hint, retryAfter } = explanationOf(error);
  const more = { ...(hint && { hint }), ...(retryAfter !== undefined && { retryAfter }) };
  return new ApiError(status, message(url.host), { reason, cause: error, ...more });
}

function describeProxyError(error: ProxyError, url: URL, proxy: string): ApiError {
  const options = { reason: "proxy_error", cause: error };
  if (error.code === "PROXY_TIMEOUT") {
    const message = `The proxy ${proxy} did not open a connection to ${url.host} in time.`;
    return new ApiError(504, message, { ...options, hint: CHECK_PROXY });
  }
  if (error.status !== undefined) return describeRefusal(error, error.status, url.host, proxy);
  const { status, message, hint } = explanationOf(error);
  const text = message(`the proxy ${proxy}`).replace(/^the/, "The");
  return new ApiError(status, text, { ...options, hint: hint === CA_HINT ? CA_HINT : CHECK_PROXY });
}

function describeRefusal(error: ProxyError, status: number, host: string, proxy: string): ApiError {
  const tell = (more: string, hint: string) =>
    new ApiError(502, `The proxy ${proxy} refused the connection to ${host} (${status})${more}.`, {
      reason: "proxy_error",
      cause: error,
      hint,
    });
  if (status !== 407) return tell("", "Ask its owners to allow this host, or check HTTPS_PROXY.");
  const { schemes } = error;
  if (schemes && !/\bBasic\b/i.test(schemes)) {
    return tell(
      `; it wants ${schemes}, and aicore speaks Basic`,
      "Run a local proxy that signs in for you (px, cntlm) and point HTTPS_PROXY at it.",
    );
  }
  return tell(
    proxy.includes("***@")
      ? "; it does not accept the user and password in its URL"
      : "; it wants a user and a password",
    "HTTPS_PROXY takes both before its host, parted by a colon and ended by an @; percent-encode what is special (@ is %40).",
  );
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function explanationOf(error: Error): Explanation {
  const code = codeOf(error);
  if (error.message.includes(CUT_HANDSHAKE)) return CUT;
  const known = EXPLANATIONS[code] ?? EXPLANATIONS[error.name];
  if (known) return known;
  if (code.startsWith("HPE_")) return UNREADABLE;
  if (code.startsWith("CERT_")) return NOT_TRUSTED;
  if (/^ERR_(SSL|TLS)_/.test(code)) return { ...NO_HANDSHAKE, hint: `OpenSSL calls it ${code}.` };
  return {
    status: 502,
    reason: "unreachable",
    message: (where) => `The call to ${where} failed (${code}).`,
  };
}
