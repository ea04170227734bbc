/** What `/admin` answers of usage, as JSON: snake_case, times in ISO 8601, null where something is not known. */
import type { RequestRow } from "../../database/schema.ts";
import type { JsonObject } from "../../hub/json.ts";
import { figuresDocument, totalOf } from "../../usage/usage-document.ts";
import type { UsageFigures } from "../../usage/usage-query.ts";

/** The groups as rows, and their sum. */
export function usageDocument(rows: readonly UsageFigures[]): JsonObject {
  return {
    rows: rows.map(({ group, ...sums }) => ({ group: { ...group }, ...figuresDocument(sums) })),
    total: figuresDocument(totalOf(rows)),
  };
}

/** One request, as `GET /admin/requests` lists it and `GET /admin/events` tells it. */
export function requestDocument(row: RequestRow): JsonObject {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    key: row.key_name,
    key_id: row.key_id,
    profile: row.profile,
    tool: row.tool,
    session: row.session,
    dialect: row.dialect,
    requested: row.requested,
    model: row.model,
    deployment: row.deployment,
    streamed: row.streamed !== 0,
    outcome: row.outcome,
    status: row.status,
    attempts: row.attempts,
    first_byte_ms: row.first_byte,
    took_ms: row.took,
    input_tokens: row.input_tokens,
    cache_read_tokens: row.cache_read_tokens,
    cache_write_tokens: row.cache_write_5m_tokens + row.cache_write_1h_tokens,
    cache_write_1h_tokens: row.cache_write_1h_tokens,
    output_tokens: row.output_tokens,
    reasoning_tokens: row.reasoning_tokens,
    usage_source: row.usage_source,
    capacity_units: row.capacity_units,
  };
}
