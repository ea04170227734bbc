/** What a check is: a row of a table, and what it found. */
import { AicoreError, ApiError, asAicoreError } from "../errors.ts";
import type { Facts } from "./facts.ts";

/** `skip`: not run, because a check that it needs has failed. */
export type Verdict = "ok" | "warn" | "fail" | "skip";

export interface Outcome {
  status: Verdict;
  /** What was found, in a sentence that names the culprit. */
  message: string;
  /** What to do about it. */
  fix?: string;
  /** One line each, for what does not fit into the sentence. */
  details?: string[];
}

export interface Check {
  /** Stable: scripts key on it. */
  id: string;
  title: string;
  /** Checks that stand before it; when one of them fails there is nothing to look at. */
  needs?: readonly string[];
  /** What to do when something was thrown that does not say it. */
  fix?: string;
  /** May throw an AicoreError: its message and hint are then what was found. */
  run(facts: Facts): Outcome | Promise<Outcome>;
}

export interface Section {
  title: string;
  checks: readonly Check[];
}

export function ok(message: string, details: string[] = []): Outcome {
  return { status: "ok", message, ...(details.length > 0 && { details }) };
}

export function warn(message: string, fix: string, details: string[] = []): Outcome {
  return { status: "warn", message, fix, ...(details.length > 0 && { details }) };
}

export function fail(message: string, fix: string, details: string[] = []): Outcome {
  return { status: "fail", message, fix, ...(details.length > 0 && { details }) };
}

/** What was thrown, as the outcome of the check that threw it. */
export function failureFrom(thrown: unknown, otherwise = LAST_RESORT): Outcome {
  const { message, hint } = asAicoreError(thrown);
  return fail(`${speakerOf(thrown)}${message}`, hint ?? otherwise);
}

/** An upstream's words stand alone in an error; here they need to say whose they are. */
function speakerOf(thrown: unknown): string {
  if (thrown instanceof ApiError && thrown.origin === "upstream")
    return `SAP AI Core answered ${thrown.status}: `;
  return thrown instanceof AicoreError ? "" : "The check itself failed: ";
}

const LAST_RESORT = "Try again; `aicore doctor -v -v` shows every step.";
const WORST: readonly Verdict[] = ["fail", "warn", "skip", "ok"];

/** Several findings as one: the worst verdict, and what led to it; `otherwise` when there are none. */
export function summed(findings: readonly Outcome[], otherwise: Outcome): Outcome {
  const status = WORST.find((verdict) => findings.some((finding) => finding.status === verdict));
  if (status === undefined || status === "ok") return otherwise;
  const fixes = findings.flatMap(({ fix }) => fix ?? []);
  const details = findings.flatMap((finding) => finding.details ?? []);
  return {
    status,
    message: [...new Set(findings.map(({ message }) => message))].join(" "),
    ...(fixes.length > 0 && { fix: [...new Set(fixes)].join(" ") }),
    ...(details.length > 0 && { details }),
  };
}
