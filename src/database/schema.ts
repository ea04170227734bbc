/** The tables, the same in SQLite and Postgres. Times are milliseconds since 1970, flags 0 or 1, days are those of UTC. */

export interface Tables {
  aicore_keys: KeyRow;
  aicore_requests: RequestRow;
  aicore_spending: SpendingRow;
}

export interface KeyRow {
  id: string;
  name: string;
  role: string;
  /** The first characters of the key, for people to tell keys apart. */
  prefix: string;
  /** SHA-256 of the key, in hex. */
  digest: string;
  /** `Limits` as JSON. */
  limits: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

/** One request to a model. */
export interface RequestRow {
  /** `req_` and hex. */
  id: string;
  at: number;
  /** `2026-11-21`. */
  day: string;
  key_id: string;
  key_name: string;
  profile: string | null;
  tool: string | null;
  session: string | null;
  dialect: string;
  /** The model as the client named it. */
  requested: string | null;
  /** SAP's name. */
  model: string | null;
  deployment: string | null;
  streamed: number;
  outcome: string;
  status: number;
  attempts: number;
  /** Milliseconds from the request's arrival. */
  first_byte: number | null;
  took: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  /** `UsageSource`. */
  usage_source: string;
  /** null where the model has no known rate. */
  capacity_units: number | null;
}

/** What a key has used in a period: a minute `2026-11-21T15:04`, a day, a month `2026-11`, or "all". */
export interface SpendingRow {
  key_id: string;
  period: string;
  requests: number;
  tokens: number;
  capacity_units: number;
}
