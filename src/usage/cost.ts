import { type HubUsage, isTold } from "../hub/messages.ts";
import type { RequestRecord } from "./request-record.ts";

/** In capacity units for a million tokens, as the tenant's catalogue tells; undefined where it has none. */
export interface Rate {
  input: number | undefined;
  output: number | undefined;
}

/** What a token that a cache held or got costs, as a multiple of one of plain input. */
export interface CacheRates {
  read: number;
  /** To live five minutes, the usual; also where a host does not tell for how long. */
  write5m: number;
  write1h: number;
}

const MILLION = 1_000_000;

/** Capacity units of these tokens; undefined where there are some whose rate is not known. */
export function capacityUnitsOf(usage: HubUsage, rate: Rate, cache: CacheRates): number | undefined {
  const { input_tokens, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  const forAnHour = Math.min(usage.cache_creation_1h_tokens ?? 0, written);
  const input =
    input_tokens + read * cache.read + (written - forAnHour) * cache.write5m + forAnHour * cache.write1h;
  const prompt = costOf(input, rate.input);
  const answer = costOf(usage.output_tokens, rate.output);
  return prompt === undefined || answer === undefined ? undefined : prompt + answer;
}

/** Nothing costs nothing, at any rate. */
function costOf(tokens: number, rate: number | undefined): number | undefined {
  if (tokens === 0) return 0;
  return rate === undefined ? undefined : (tokens * rate) / MILLION;
}

/**
 * Whether a request used tokens that nobody counted: its client left, or its stream broke, before the upstream told
 * any. The model had begun, and SAP probably bills it (protocol 8).
 */
export function isUntold({ outcome, attempts, usage }: RequestRecord): boolean {
  if (attempts === 0 || (outcome !== "cancelled" && outcome !== "broken")) return false;
  return !isTold(usage);
}
