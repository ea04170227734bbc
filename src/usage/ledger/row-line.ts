/** A row as a line of the spool, and back: what is read from a file must not be able to hold up the database. */
import type { RequestRow } from "../../database/schema.ts";
import { isObject } from "../../hub/json.ts";

export function lineOf(row: RequestRow): string {
  return `${JSON.stringify(row)}\n`;
}

/** undefined for a line that was cut short or that another program wrote. */
export function rowIn(line: string): RequestRow | undefined {
  try {
    return checkedRow(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/**
 * Only the columns, each with a value that both databases take; undefined where one has another. They are written out,
 * for a loop over their names takes 4 µs and this half of one (2026-11).
 */
export function checkedRow(value: unknown): RequestRow | undefined {
  if (!isObject(value)) return undefined;
  try {
    return {
      id: text(value.id),
      at: whole(value.at),
      day: text(value.day),
      key_id: text(value.key_id),
      key_name: text(value.key_name),
      profile: orNull(text, value.profile),
      tool: orNull(text, value.tool),
      session: orNull(text, value.session),
      dialect: text(value.dialect),
      requested: orNull(text, value.requested),
      model: orNull(text, value.model),
      deployment: orNull(text, value.deployment),
      streamed: whole(value.streamed),
      outcome: text(value.outcome),
      status: whole(value.status),
      attempts: whole(value.attempts),
      first_byte: orNull(whole, value.first_byte),
      took: whole(value.took),
      input_tokens: whole(value.input_tokens),
      cache_read_tokens: whole(value.cache_read_tokens),
      cache_write_5m_tokens: whole(value.cache_write_5m_tokens),
      cache_write_1h_tokens: whole(value.cache_write_1h_tokens),
      output_tokens: whole(value.output_tokens),
      reasoning_tokens: whole(value.reasoning_tokens),
      usage_source: text(value.usage_source),
      capacity_units: orNull(finite, value.capacity_units),
    };
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError("not a text");
}

function whole(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new TypeError("not a whole number");
}

function finite(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TypeError("not a number");
}

function orNull<T>(read: (value: unknown) => T, value: unknown): T | null {
  return value === undefined || value === null ? null : read(value);
}
