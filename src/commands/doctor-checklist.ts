/** The list on the screen, and what has been found so far. */
import type { Check, Outcome } from "../doctor/check.ts";
import type { Examined } from "../doctor/examine.ts";
import { type LineStyle, linesOf, showsSymbols } from "./doctor-lines.ts";
import type { Context } from "./types.ts";

/** A check with what it found. */
export interface Finding {
  check: Check;
  outcome: Outcome;
}

export class Checklist {
  readonly findings: Finding[] = [];
  readonly #context: Context;
  readonly #style: LineStyle;

  constructor(context: Context) {
    const { out, env } = context;
    this.#context = context;
    this.#style = {
      paint: out.paint,
      width: out.width,
      symbols: out.width !== undefined && showsSymbols(env),
    };
  }

  /** A heading, for people; lines on a pipe stand alone. */
  begin(title: string): void {
    const { out } = this.#context;
    if (out.width === undefined || out.json) return;
    out.result(`${this.findings.length > 0 ? "\n" : ""}${out.paint.strong(title)}`);
  }

  /** Each check as it is decided, in their order; a spinner turns while one is not. */
  async show(examined: readonly Examined[], titles: number): Promise<void> {
    const { out } = this.#context;
    for (const { check, outcome: pending } of examined) {
      const decided = await Promise.race([pending, undefined]);
      const outcome = decided ?? (await out.during(check.title, () => pending));
      if (!out.json) out.stream(linesOf(check.title, outcome, { ...this.#style, titles }));
      this.findings.push({ check, outcome });
    }
  }

  /** How many ended so. */
  count(status: Outcome["status"]): number {
    return this.findings.filter(({ outcome }) => outcome.status === status).length;
  }
}

/** The width of the column of titles. */
export function widest(checks: readonly Check[]): number {
  return Math.max(0, ...checks.map(({ title }) => title.length));
}
