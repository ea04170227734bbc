import { StaleSocketError } from "../aicore/reused-sockets.ts";
import type { ApiError } from "../errors.ts";

/** What follows from a call that failed. */
export interface Verdict {
  /** Calls that this cause may lead to in all; the limit of three for one request stands beside it. */
  calls: 1 | 2 | 3;
  /** Where the next call goes; "elsewhere": only to another tenant, since this one would fail again. */
  next: "refreshed" | "rediscovered" | "repaired" | "reconnected" | "another" | "elsewhere" | "nowhere";
  /** What it tells of the target: alive, failing, over its quota, or nothing. */
  target: "up" | "down" | "limited" | "unknown";
}

const FINAL: Verdict = { calls: 1, next: "nowhere", target: "up" };

/**
 * Failures of the name service and the connection: the request never left (security F1–F3). Where this machine has no
 * way out, no target is to blame, and none must rest when the VPN is back.
 */
const UNSENT: Record<string, Verdict> = {
  ECONNREFUSED: { calls: 3, next: "another", target: "down" },
  EHOSTUNREACH: { calls: 3, next: "another", target: "unknown" },
  ENETUNREACH: { calls: 3, next: "another", target: "unknown" },
  EAI_AGAIN: { calls: 3, next: "another", target: "unknown" },
  ENOTFOUND: { calls: 2, next: "elsewhere", target: "unknown" },
  UND_ERR_CONNECT_TIMEOUT: { calls: 2, next: "another", target: "down" },
};

const BY_STATUS: Record<number, Verdict> = {
  401: { calls: 2, next: "refreshed", target: "up" },
  404: { calls: 2, next: "rediscovered", target: "up" },
  400: { calls: 3, next: "repaired", target: "up" },
  429: { calls: 3, next: "another", target: "limited" },
  529: { calls: 3, next: "another", target: "limited" },
  500: { calls: 2, next: "another", target: "down" },
  502: { calls: 3, next: "another", target: "down" },
  503: { calls: 3, next: "another", target: "down" },
  504: { calls: 3, next: "another", target: "down" },
};

/** What came back cannot be read: it was made, and paid for, all the same. */
const UNREADABLE = ["bad_answer", "bad_upstream_answer", "event_too_large"];

/**
 * DESIGN 8, "Time and tries", as a table: a request is repeated only where it cannot have run. What broke after it was
 * sent (a reset of a fresh socket, a headers timeout, an answer that cannot be read) may have run and been paid for.
 */
export function verdictOn(error: ApiError): Verdict {
  if (error.status === 499) return { ...FINAL, target: "unknown" };
  if (error.origin === "token") return { calls: 3, next: "elsewhere", target: "unknown" };
  if (error.origin === "aicore") return transportVerdict(error);
  if (UNREADABLE.includes(error.reason ?? "")) return { ...FINAL, target: "unknown" };
  if (error.type === "rate_limit_error") return { calls: 3, next: "another", target: "limited" };
  return BY_STATUS[error.status] ?? { ...FINAL, target: error.status >= 500 ? "down" : "up" };
}

function transportVerdict(error: ApiError): Verdict {
  if (error instanceof StaleSocketError) return { calls: 2, next: "reconnected", target: "unknown" };
  if (error.reason === "tls_error") return { calls: 2, next: "elsewhere", target: "unknown" };
  if (error.reason === "connection_reset") return { calls: 2, next: "elsewhere", target: "down" };
  if (error.reason === "proxy_error") return { ...FINAL, target: "unknown" };
  const unsent = UNSENT[codeOf(error.cause)];
  if (unsent) return unsent;
  return { ...FINAL, target: error.reason === "timeout" ? "down" : "unknown" };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
