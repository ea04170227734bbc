import type { JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { BETAS } from "./beta-table.ts";
import { ALL_BETAS, betaKey } from "./learned.ts";

/** Puts the flags that this deployment takes into `anthropic_beta`; headers mean nothing to Bedrock (protocol.md 4a.3). */
export function filterBetas(body: JsonObject, call: Call): JsonObject {
  const asked = [...call.betas, ...flagsOf(body.betas), ...flagsOf(body.anthropic_beta)];
  const sent = betasToSend(asked, call);
  return withMember(
    body,
    "anthropic_beta",
    sent.length > 0 ? keepIfEqual(body.anthropic_beta, sent) : undefined,
  );
}

/** The flags to send, in the client's order, each once. */
export function betasToSend(asked: readonly string[], call: Call): string[] {
  return [...new Set(asked)].filter((flag) => isSent(flag, call));
}

function isSent(flag: string, call: Call): boolean {
  const verdict = BETAS.get(flag);
  if (verdict === undefined)
    call.note(`the beta ${flag} is left out: it is not known to work on SAP AI Core`);
  if (verdict === undefined || verdict === "dropped") return false;
  if (verdict !== "core" && call.learned.has(ALL_BETAS)) return false;
  if (call.learned.has(betaKey(flag))) return false;
  return flag !== LONG_CONTEXT || call.capabilities.longContextBeta === flag;
}

/**
 * Only models with a switch for their long window take it: 4.6 and later have the window anyway, the others have
 * none (protocol.md 4a.5). Claude Code adds the flag to every id that it does not know (clients.md 1.6).
 */
const LONG_CONTEXT = "context-1m-2025-08-07";

function flagsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((flag): flag is string => typeof flag === "string") : [];
}

function keepIfEqual(before: unknown, after: string[]): string[] {
  const same =
    Array.isArray(before) && before.length === after.length && after.every((flag, at) => flag === before[at]);
  return same ? (before as string[]) : after;
}
