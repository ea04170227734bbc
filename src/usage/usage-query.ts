/** What can be asked about usage, and what comes back. */
export type UsageGroup = "model" | "key" | "profile" | "tool" | "day" | "session";

/** Which requests: `since` is part of the span and `until` is not, in milliseconds; the others are exact names. */
export interface UsageFilter {
  since?: number;
  until?: number;
  /** Name or id. */
  key?: string;
  /** SAP's name, or the client's. */
  model?: string;
  profile?: string;
  tool?: string;
  session?: string;
}

export interface UsageQuery extends UsageFilter {
  /** None: one row of sums. */
  by: readonly UsageGroup[];
}

export interface RecentQuery extends UsageFilter {
  limit: number;
}

/** Sums over the requests that reached an upstream. */
export interface UsageFigures {
  /** What the rows have in common; a member that they do not tell is missing. */
  group: Partial<Record<UsageGroup, string>>;
  requests: number;
  inputTokens: number;
  cacheReadTokens: number;
  /** Of both lifetimes. */
  cacheWriteTokens: number;
  cacheWrite1hTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  /** undefined: no row had a known rate. */
  capacityUnits: number | undefined;
  /** Requests whose rate is unknown. */
  unpriced: number;
  /** Requests whose figures are a guess of ours, at least in part. */
  estimated: number;
}
