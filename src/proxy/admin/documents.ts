/** What `/admin` answers, as JSON: snake_case, times in ISO 8601, null where something is not known or not limited. */
import type { RequestRow } from "../../database/schema.ts";
import type { JsonObject } from "../../hub/json.ts";
import type { Spent } from "../../keys/gate.ts";
import { limitsDocument } from "../../keys/limits.ts";
import type { UsageFigures } from "../../usage/usage-store.ts";
import type { ManagedKey } from "./backend.ts";

export function keyDocument(key: ManagedKey): JsonObject {
  const { today, month, all } = key.spent;
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    role: key.role,
    created_at: timeOf(key.createdAt),
    expires_at: timeOf(key.expiresAt),
    revoked_at: timeOf(key.revokedAt),
    limits: limitsDocument(key.limits),
    spent: { today: spentDocument(today), month: spentDocument(month), all: spentDocument(all) },
  };
}

function spentDocument({ requests, tokens, capacityUnits }: Spent): JsonObject {
  return { requests, tokens, capacity_units: capacityUnits };
}

/** The groups as rows, and their sum. */
export function usageDocument(rows: readonly UsageFigures[]): JsonObject {
  const sum = (of: (row: UsageFigures) => number) => rows.reduce((total, row) => total + of(row), 0);
  const known = rows.flatMap(({ capacityUnits }) => capacityUnits ?? []);
  const total: Omit<UsageFigures, "group"> = {
    requests: sum((row) => row.requests),
    inputTokens: sum((row) => row.inputTokens),
    cacheReadTokens: sum((row) => row.cacheReadTokens),
    cacheWriteTokens: sum((row) => row.cacheWriteTokens),
    cacheWrite1hTokens: sum((row) => row.cacheWrite1hTokens),
    outputTokens: sum((row) => row.outputTokens),
    reasoningTokens: sum((row) => row.reasoningTokens),
    capacityUnits: known.length === 0 ? undefined : known.reduce((units, more) => units + more, 0),
    unpriced: sum((row) => row.unpriced),
    estimated: sum((row) => row.estimated),
  };
  return {
    rows: rows.map((row) => ({ group: { ...row.group }, ...figuresDocument(row) })),
    total: figuresDocument(total),
  };
}

function figuresDocument(figures: Omit<UsageFigures, "group">): JsonObject {
  return {
    requests: figures.requests,
    input_tokens: figures.inputTokens,
    cache_read_tokens: figures.cacheReadTokens,
    cache_write_tokens: figures.cacheWriteTokens,
    cache_write_1h_tokens: figures.cacheWrite1hTokens,
    output_tokens: figures.outputTokens,
    reasoning_tokens: figures.reasoningTokens,
    capacity_units: figures.capacityUnits ?? null,
    unpriced: figures.unpriced,
    estimated: figures.estimated,
  };
}

/** One request, as `GET /admin/requests` lists it and `GET /admin/events` tells it. */
export function requestDocument(row: RequestRow): JsonObject {
  return {
    id: row.id,
    at: timeOf(row.at),
    key: row.key_name,
    key_id: row.key_id,
    profile: row.profile,
    tool: row.tool,
    session: row.session,
    dialect: row.dialect,
    requested: row.requested,
    model: row.model,
    deployment: row.deployment,
    streamed: row.streamed !== 0,
    outcome: row.outcome,
    status: row.status,
    attempts: row.attempts,
    first_byte_ms: row.first_byte,
    took_ms: row.took,
    input_tokens: row.input_tokens,
    cache_read_tokens: row.cache_read_tokens,
    cache_write_tokens: row.cache_write_5m_tokens + row.cache_write_1h_tokens,
    cache_write_1h_tokens: row.cache_write_1h_tokens,
    output_tokens: row.output_tokens,
    reasoning_tokens: row.reasoning_tokens,
    usage_source: row.usage_source,
    capacity_units: row.capacity_units,
  };
}

function timeOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
