import type { RequestRow } from "../database/schema.ts";
import { periodsOf } from "../keys/spending-store.ts";
import type { RequestRecord } from "./request-record.ts";

/** A request as a row of the table; `capacityUnits` is undefined where its model has no known rate. */
export function rowOf(record: RequestRecord, capacityUnits: number | undefined): RequestRow {
  const { usage } = record;
  const written = usage.cache_creation_input_tokens;
  const forAnHour = Math.min(usage.cache_creation_1h_tokens ?? 0, written);
  return {
    id: record.id,
    at: record.at,
    day: periodsOf(record.at).day,
    key_id: record.key.id,
    key_name: record.key.name,
    profile: record.profile ?? null,
    tool: record.tool ?? null,
    session: record.session ?? null,
    dialect: record.dialect,
    requested: record.requested ?? null,
    model: record.model ?? null,
    deployment: record.deployment ?? null,
    streamed: record.stream ? 1 : 0,
    outcome: record.outcome,
    status: record.status,
    attempts: record.attempts,
    first_byte: record.firstByte ?? null,
    took: record.took,
    input_tokens: usage.input_tokens,
    cache_read_tokens: usage.cache_read_input_tokens,
    cache_write_5m_tokens: written - forAnHour,
    cache_write_1h_tokens: forAnHour,
    output_tokens: usage.output_tokens,
    reasoning_tokens: usage.reasoning_tokens ?? 0,
    // A refusal used nothing, and that is no guess.
    usage_source: record.outcome === "failed" ? "reported" : record.usageSource,
    capacity_units: capacityUnits ?? null,
  };
}
