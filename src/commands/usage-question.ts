/** What `aicore usage` is asked, checked word by word. */
import { nearest } from "../config/rules.ts";
import { UsageError } from "../errors.ts";
import { momentIn } from "../usage/moment.ts";
import type { UsageGroup, UsageQuery } from "../usage/usage-query.ts";

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
const DEFAULT_SPAN = 30 * 24 * 3_600_000;

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

function momentFrom(text: string, option: string, now: number): number {
  const time = momentIn(text, now);
  if (time !== undefined) return time;
  throw new UsageError("bad_time", `${option}: expected a time, got "${text}".`, {
    hint: "So long ago: 24h, 7d, 4w. A day of UTC: 2026-11-21, today, yesterday. A time: 2026-11-21T15:00Z.",
  });
}

function emptySpan(from: number, to: number, isDefault: boolean): UsageError {
  const told = (time: number) => new Date(time).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
  return new UsageError("bad_span", `--until (${told(to)}) is not later than --since (${told(from)}).`, {
    hint: isDefault
      ? "Without --since the span begins 30 days ago: say --since too."
      : "--until itself is not part of the span: for a whole day, name the day after it.",
  });
}
