/** What `aicore usage` is asked, checked word by word. */
import { nearest } from "../config/rules.ts";
import { UsageError } from "../errors.ts";
import type { UsageGroup, UsageQuery } from "../usage/usage-store.ts";

export interface UsageOptions {
  by?: string[];
  since?: string;
  until?: string;
  key?: string;
  model?: string;
  tool?: string;
  session?: string;
  unit?: Unit;
  output?: "table" | "json" | "csv";
}

export type Unit = "tokens" | "cu" | "money";

/** A question about a span that has a beginning. */
export interface Question extends UsageQuery {
  by: UsageGroup[];
  since: number;
}

const GROUPS: readonly UsageGroup[] = ["model", "key", "profile", "tool", "day", "session"];
const DAY = 24 * 3_600_000;
const SPANS: Record<string, number> = { m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY };
const DEFAULT_SPAN = 30 * DAY;

/** @throws UsageError that names the option. */
export function questionFrom(
  { by, since, until, key, model, tool, session }: UsageOptions,
  profile: string | undefined,
  now: number,
): Question {
  const from = since === undefined ? now - DEFAULT_SPAN : momentFrom(since, "--since", now);
  const to = until === undefined ? undefined : momentFrom(until, "--until", now);
  if (to !== undefined && to <= from) throw emptySpan(from, to, since === undefined);
  return {
    by: by === undefined ? ["model"] : groupsFrom(by),
    since: from,
    ...(to !== undefined && { until: to }),
    ...(key !== undefined && { key }),
    ...(model !== undefined && { model }),
    ...(tool !== undefined && { tool }),
    ...(session !== undefined && { session }),
    ...(profile !== undefined && { profile }),
  };
}

/** `model,day`, or the option given twice. */
function groupsFrom(texts: readonly string[]): UsageGroup[] {
  const groups = texts.flatMap((text) => text.split(",")).map((part) => groupFrom(part.trim()));
  return [...new Set(groups)];
}

function groupFrom(text: string): UsageGroup {
  const group = GROUPS.find((each) => each === text.toLowerCase());
  if (group) return group;
  const meant = nearest(text, GROUPS);
  throw new UsageError(
    "bad_group",
    `--by: there is no group "${text}".${meant ? ` Did you mean ${meant}?` : ""}`,
    { hint: `Groups are ${GROUPS.join(", ")}; several are separated by commas.` },
  );
}

/**
 * A point in time, in milliseconds: so long ago (`90m`, `24h`, `7d`, `4w`), the beginning of a day of UTC
 * (`2026-11-21`, `today`, `yesterday`), or a time of ISO 8601, in UTC unless it names a zone.
 */
function momentFrom(text: string, option: string, now: number): number {
  const word = text.trim().toLowerCase();
  const today = now - (now % DAY);
  if (word === "today") return today;
  if (word === "yesterday") return today - DAY;
  const [, count = "", unit = ""] = /^(\d{1,4})([mhdw])$/.exec(word) ?? [];
  const span = SPANS[unit];
  if (span !== undefined) return now - Number(count) * span;
  const time = timeFrom(word);
  if (time !== undefined) return time;
  throw new UsageError("bad_time", `${option}: expected a time, got "${text}".`, {
    hint: "So long ago: 24h, 7d, 4w. A day of UTC: 2026-11-21, today, yesterday. A time: 2026-11-21T15:00Z.",
  });
}

const ISO = /^(\d{4}-\d\d-\d\d)(t\d\d:\d\d(:\d\d(\.\d{1,3})?)?(z|[+-]\d\d:\d\d)?)?$/;

/** A day that no month has is none: JavaScript would make the next month's of it. */
function timeFrom(word: string): number | undefined {
  const [, day = "", clock, , , zone] = ISO.exec(word) ?? [];
  const midnight = Date.parse(day);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (clock === undefined) return midnight;
  const time = Date.parse((zone === undefined ? `${word}z` : word).toUpperCase());
  return Number.isNaN(time) ? undefined : time;
}

function emptySpan(from: number, to: number, isDefault: boolean): UsageError {
  const told = (time: number) => new Date(time).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
  return new UsageError("bad_span", `--until (${told(to)}) is not later than --since (${told(from)}).`, {
    hint: isDefault
      ? "Without --since the span begins 30 days ago: say --since too."
      : "--until itself is not part of the span: for a whole day, name the day after it.",
  });
}
