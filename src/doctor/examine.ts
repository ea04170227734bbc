import { type Check, failureFrom, type Outcome } from "./check.ts";
import type { Facts } from "./facts.ts";

/** A check under way. The outcome never rejects. */
export interface Examined {
  check: Check;
  outcome: Promise<Outcome>;
}

/** All that went before, by id: later checks may need earlier ones. */
export type Earlier = ReadonlyMap<string, Examined>;

/**
 * Starts every check as soon as those that it needs are decided; all others run at the same time.
 * @returns them in the order of the table
 */
export function examine(checks: readonly Check[], facts: Facts, earlier: Earlier = new Map()): Examined[] {
  const known = new Map(earlier);
  return checks.map((check) => {
    const examined = { check, outcome: decide(check, facts, needed(check, known)) };
    known.set(check.id, examined);
    return examined;
  });
}

function needed({ id, needs = [] }: Check, known: Earlier): Examined[] {
  return needs.map((need) => {
    const found = known.get(need);
    if (found) return found;
    throw new Error(`check ${id} needs ${need}, which does not stand before it`);
  });
}

async function decide(check: Check, facts: Facts, needs: readonly Examined[]): Promise<Outcome> {
  for (const need of needs) {
    const { status, message } = await need.outcome;
    if (status === "fail") return skipped(`Not checked: "${need.check.title}" has to be mended first.`);
    if (status === "skip") return skipped(message);
  }
  try {
    return await check.run(facts);
  } catch (error) {
    return failureFrom(error, check.fix);
  }
}

function skipped(message: string): Outcome {
  return { status: "skip", message };
}
