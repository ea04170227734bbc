/** What `aicore keys create` is told on its command line, read. Each complaint names its option. */
import { UsageError } from "../errors.ts";
import type { Limits } from "../keys/api-key.ts";
import { readLimits } from "../keys/limits.ts";
import { type KeyWish, nameComplaint } from "../keys/new-key.ts";

export interface CreateOptions {
  name?: string;
  expires?: string;
  models?: string;
  rpm?: string;
  tpm?: string;
  tokensPerDay?: string;
  tokensPerMonth?: string;
  budgetCu?: string;
  concurrency?: string;
  admin?: boolean;
}

type CountOption = "rpm" | "tpm" | "tokensPerDay" | "tokensPerMonth" | "budgetCu" | "concurrency";

const COUNTS: readonly { option: CountOption; flag: string; limit: Exclude<keyof Limits, "models"> }[] = [
  { option: "rpm", flag: "--rpm", limit: "requestsPerMinute" },
  { option: "tpm", flag: "--tpm", limit: "tokensPerMinute" },
  { option: "tokensPerDay", flag: "--tokens-per-day", limit: "tokensPerDay" },
  { option: "tokensPerMonth", flag: "--tokens-per-month", limit: "tokensPerMonth" },
  { option: "budgetCu", flag: "--budget-cu", limit: "budget" },
  { option: "concurrency", flag: "--concurrency", limit: "concurrency" },
];

const MULTIPLES: Record<string, number> = { "": 1, k: 1_000, m: 1_000_000 };
const DAY = 86_400_000;
const LIFETIMES: Record<string, number> = { h: DAY / 24, d: DAY, w: 7 * DAY, y: 365 * DAY };

/**
 * @param now milliseconds since 1970
 * @throws UsageError naming the option
 */
export function keyWishFrom(options: CreateOptions, now: number): KeyWish {
  return {
    name: nameFrom(options.name),
    role: options.admin ? "admin" : "inference",
    limits: limitsFrom(options),
    expiresAt: options.expires === undefined ? undefined : expiryFrom(options.expires, now),
  };
}

function nameFrom(name: string | undefined): string {
  if (name === undefined) {
    throw new UsageError("key_name_missing", "A key needs a name, by which its use is told.", {
      hint: "Name whom or what it is for: aicore keys create --name ci",
    });
  }
  const complaint = nameComplaint(name);
  if (complaint === undefined) return name;
  throw new UsageError("key_name", `--name "${name}": ${complaint}.`);
}

function limitsFrom(options: CreateOptions): Limits {
  const limits: Limits = {};
  if (options.models !== undefined) limits.models = modelsFrom(options.models);
  for (const { option, flag, limit } of COUNTS) {
    const text = options[option];
    if (text !== undefined) limits[limit] = amountFrom(text, flag, limit === "budget");
  }
  return limits;
}

function modelsFrom(text: string): string[] {
  const models = text.split(",").map((model) => model.trim());
  if (typeof readLimits({ models }) !== "string") return models;
  throw new UsageError("bad_models", `--models: expected names separated by commas, got "${text}".`, {
    hint: "A name may hold *: aicore keys create --name ci --models 'claude-haiku*,gpt-5-mini'",
  });
}

/** `250000`, `250k`, `1.5M`. */
function amountFrom(text: string, flag: string, isFraction: boolean): number {
  const [, digits = "", multiple = ""] = /^(\d{1,15}(?:\.\d{1,9})?)([km]?)$/i.exec(text) ?? [];
  // 2.3 × 1000 is a little less than 2300.
  const amount = Number((Number(digits) * (MULTIPLES[multiple.toLowerCase()] ?? 1)).toFixed(9));
  if (amount > 0 && (isFraction ? Number.isFinite(amount) : Number.isSafeInteger(amount))) return amount;
  const wanted = isFraction ? "a number above 0" : "a whole number above 0, such as 60 or 250k";
  throw new UsageError("bad_limit", `${flag}: expected ${wanted}, got "${text}".`);
}

/** A lifetime such as `30d`, or a day or time in ISO 8601; a day means its beginning in UTC. */
function expiryFrom(text: string, now: number): number {
  const [, count, unit = ""] = /^(\d{1,4})([hdwy])$/i.exec(text) ?? [];
  const at =
    count === undefined ? timeFrom(text) : now + Number(count) * (LIFETIMES[unit.toLowerCase()] ?? 0);
  if (at === undefined) {
    throw new UsageError(
      "bad_expiry",
      `--expires: expected a lifetime such as 30d or a day such as ${dayOf(now + 30 * DAY)}, got "${text}".`,
    );
  }
  if (at > now) return at;
  throw new UsageError("bad_expiry", `--expires: ${text} is not in the future.`);
}

/** `Date` reads a 31st of February as the 3rd of March. */
function timeFrom(text: string): number | undefined {
  const [, day] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  const midnight = day === undefined ? Number.NaN : Date.parse(day);
  if (Number.isNaN(midnight) || dayOf(midnight) !== day) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
