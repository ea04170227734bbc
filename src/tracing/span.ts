import { promptOf } from "../hub/messages.ts";
import type { RequestRecord } from "../usage/request-record.ts";

export interface SpanData {
  name: string;
  attributes: Record<string, string | number | boolean>;
  /** Of the caller, who sent a `traceparent`. */
  parent: { traceId: string; spanId: string } | undefined;
  failed: boolean;
}

/** `00-<trace id>-<parent id>-<flags>` of W3C Trace Context; ids of zeros alone are none. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;

/** A request as a span: what it cost and where it went, never what was said in it. */
export function spanOf(record: RequestRecord): SpanData {
  const { usage, model, requested, outcome } = record;
  const operation = record.dialect.endsWith("-embeddings") ? "embeddings" : "chat";
  const attributes = {
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": "sap.ai_core",
    "gen_ai.request.model": requested,
    "gen_ai.response.model": model,
    "gen_ai.conversation.id": record.session,
    "gen_ai.usage.input_tokens": promptOf(usage),
    "gen_ai.usage.output_tokens": usage.output_tokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cache_read_input_tokens,
    "gen_ai.usage.cache_creation.input_tokens": usage.cache_creation_input_tokens,
    "http.response.status_code": record.status,
    "aicore.request_id": record.id,
    "aicore.dialect": record.dialect,
    "aicore.profile": record.profile,
    "aicore.deployment": record.deployment,
    "aicore.key": record.key.name,
    "aicore.tool": record.tool,
    "aicore.attempts": record.attempts,
    "aicore.stream": record.stream,
    "aicore.outcome": outcome,
    "aicore.time_to_first_byte_ms": record.firstByte,
  };
  const known = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    name: [operation, model ?? requested].filter(Boolean).join(" "),
    attributes: Object.fromEntries(known) as SpanData["attributes"],
    parent: parentIn(record.traceparent),
    failed: outcome === "failed" || outcome === "broken",
  };
}

function parentIn(traceparent = ""): SpanData["parent"] {
  const [, traceId, spanId] = TRACEPARENT.exec(traceparent) ?? [];
  return traceId && spanId ? { traceId, spanId } : undefined;
}
