/** Rows as a day in a team leaves them. */
import type { RequestRow } from "../../src/database/schema.ts";

let count = 0;

/** A request of an hour before `at`'s default, now; what a test is about is given. */
export function row(given: Partial<RequestRow> = {}): RequestRow {
  count += 1;
  const at = given.at ?? Date.now() - 3_600_000;
  return {
    id: `req_${String(count).padStart(24, "0")}`,
    at,
    day: new Date(at).toISOString().slice(0, 10),
    key_id: "local",
    key_name: "local",
    profile: "default",
    tool: "claude-code",
    session: "5f3c0b1e-0000-4000-8000-000000000001",
    dialect: "anthropic",
    requested: "claude-sonnet-4-6",
    model: "anthropic--claude-4.6-sonnet",
    deployment: "d1757cd71b0fca9e",
    streamed: 1,
    outcome: "completed",
    status: 200,
    attempts: 1,
    first_byte: 400,
    took: 2_000,
    input_tokens: 100,
    cache_read_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    output_tokens: 10,
    reasoning_tokens: 0,
    usage_source: "reported",
    capacity_units: 0.001,
    ...given,
  };
}
