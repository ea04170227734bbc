/** The schemas that several operations share. */
import type { JsonObject } from "../../hub/json.ts";
import { count, flag, list, object, orNull, ref, text, time } from "../operation.ts";

const AMOUNT: JsonObject = { type: "integer", minimum: 1 };
const UNITS: JsonObject = { type: "number", minimum: 0, description: "SAP capacity units." };
const ROLE: JsonObject = {
  type: "string",
  enum: ["inference", "admin"],
  description: "`admin` keys open `/admin` besides.",
};

const limits = object(
  {
    models: list(text("A model's name, in which `*` stands for anything.")),
    requests_per_minute: AMOUNT,
    tokens_per_minute: AMOUNT,
    tokens_per_day: AMOUNT,
    tokens_per_month: AMOUNT,
    budget_capacity_units: { type: "number", exclusiveMinimum: 0 },
    concurrency: { ...AMOUNT, description: "Requests at the same time." },
  },
  {
    optional: [
      "models",
      "requests_per_minute",
      "tokens_per_minute",
      "tokens_per_day",
      "tokens_per_month",
      "budget_capacity_units",
      "concurrency",
    ],
    description: "What the key may use; what is not there is not limited. Days and months are those of UTC.",
  },
);

const keyProperties: Record<string, JsonObject> = {
  id: text(),
  name: text(),
  prefix: text("The first characters of the key."),
  role: ROLE,
  created_at: time(),
  expires_at: orNull(time()),
  revoked_at: orNull(time()),
  limits: ref("Limits"),
  spent: object({ today: ref("Spent"), month: ref("Spent"), all: ref("Spent") }),
};

const figures: Record<string, JsonObject> = {
  requests: count("Requests that reached an upstream."),
  input_tokens: count("Without those from and into caches."),
  cache_read_tokens: count(),
  cache_write_tokens: count("Of both lifetimes."),
  cache_write_1h_tokens: count(),
  output_tokens: count(),
  reasoning_tokens: count("Part of the output."),
  capacity_units: orNull({ ...UNITS, description: "null: no request had a known rate." }),
  unpriced: count("Requests whose rate is not known."),
  estimated: count("Requests whose tokens are a guess, at least in part."),
};

const group = object(
  { model: text(), key: text(), profile: text(), tool: text(), day: text(), session: text() },
  { optional: ["model", "key", "profile", "tool", "day", "session"] },
);

const request = object({
  id: text(),
  at: time("When it arrived."),
  key: text("The name of the key."),
  key_id: text(),
  profile: orNull(text()),
  tool: orNull(text()),
  session: orNull(text()),
  dialect: text(),
  requested: orNull(text("The model as the client named it.")),
  model: orNull(text("SAP's name.")),
  deployment: orNull(text()),
  streamed: flag(),
  outcome: { type: "string", enum: ["completed", "failed", "broken", "cancelled"] },
  status: { type: "integer" },
  attempts: count("Calls to upstreams."),
  first_byte_ms: orNull(count()),
  took_ms: count(),
  input_tokens: count(),
  cache_read_tokens: count(),
  cache_write_tokens: count(),
  cache_write_1h_tokens: count(),
  output_tokens: count(),
  reasoning_tokens: count(),
  usage_source: { type: "string", enum: ["reported", "partial", "estimated"] },
  capacity_units: orNull(UNITS),
});

const newKey = object(
  {
    name: { type: "string", minLength: 1, maxLength: 100 },
    role: { ...ROLE, default: "inference" },
    expires_at: orNull({ type: "string", description: "A date (its beginning in UTC) or a time, ISO 8601." }),
    limits: ref("Limits"),
  },
  { optional: ["role", "expires_at", "limits"] },
);

const error = object({
  type: { type: "string", const: "error" },
  error: object({ type: text(), message: text(), hint: text("What to do next.") }, { optional: ["hint"] }),
});

const target = object({
  profile: text(),
  deployment: text(),
  model: text(),
  resource_group: text(),
  in_flight: count(),
  breaker: { type: "string", enum: ["closed", "half-open", "open"] },
  retry_in_seconds: count(),
  resting: flag("Its model rests in this tenant: the quota is used up."),
  ranked_last: flag(),
});

const ledger = object({
  engine: orNull(text("What writes usage down; null until it was opened.")),
  queued: count("Requests that are not written yet."),
  spooled: count("Requests that wait in a file for the database."),
  dropped: count("Requests whose usage was lost."),
  failing: flag(),
});

const stats = object({
  version: text(),
  uptime_seconds: count(),
  in_flight: count("Requests to models that are not over."),
  waiting: count("Those of them that wait for a model to come back from its rest."),
  requests: object({ completed: count(), failed: count(), broken: count(), cancelled: count() }),
  targets: list(target),
  learned: list(object({ deployment: text(), repairs: list(text()) })),
  keys: orNull(count("Keys that let requests in.")),
  ledger: orNull(ledger),
});

export const SCHEMAS: Record<string, JsonObject> = {
  Error: error,
  Key: object(keyProperties),
  CreatedKey: object({ ...keyProperties, key: text("The key itself, told only here.") }),
  NewKey: newKey,
  Limits: limits,
  Spent: object({ requests: count(), tokens: count(), capacity_units: UNITS }),
  Usage: object({ rows: list(object({ group, ...figures })), total: object(figures) }),
  Request: request,
  Stats: stats,
};
