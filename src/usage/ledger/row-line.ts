/** A row as a line of the spool, and back: what is read from a file must not be able to hold up the database. */
import type { RequestRow } from "../../database/schema.ts";
import { isObject } from "../../hub/json.ts";

type Kind = "text" | "text?" | "whole" | "whole?" | "number?";

const COLUMNS: Record<keyof RequestRow, Kind> = {
  id: "text",
  at: "whole",
  day: "text",
  key_id: "text",
  key_name: "text",
  profile: "text?",
  tool: "text?",
  session: "text?",
  dialect: "text",
  requested: "text?",
  model: "text?",
  deployment: "text?",
  streamed: "whole",
  outcome: "text",
  status: "whole",
  attempts: "whole",
  first_byte: "whole?",
  took: "whole",
  input_tokens: "whole",
  cache_read_tokens: "whole",
  cache_write_5m_tokens: "whole",
  cache_write_1h_tokens: "whole",
  output_tokens: "whole",
  reasoning_tokens: "whole",
  usage_source: "text",
  capacity_units: "number?",
};
const ENTRIES = Object.entries(COLUMNS) as [keyof RequestRow, Kind][];

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

/** Only the columns, each with a value that both databases take; undefined where one has another. */
export function checkedRow(value: unknown): RequestRow | undefined {
  if (!isObject(value)) return undefined;
  const row: Record<string, unknown> = {};
  for (const [name, kind] of ENTRIES) {
    const held = value[name] ?? null;
    if (!fits(kind, held)) return undefined;
    // Postgres stores no NUL in a text.
    row[name] = typeof held === "string" ? held.replaceAll("\0", "") : held;
  }
  return row as unknown as RequestRow;
}

function fits(kind: Kind, value: unknown): boolean {
  if (value === null) return kind.endsWith("?");
  if (kind.startsWith("text")) return typeof value === "string";
  return kind.startsWith("whole") ? Number.isSafeInteger(value) : Number.isFinite(value);
}
