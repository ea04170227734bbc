/** Keys as people read them. */
import type { Limits } from "../keys/api-key.ts";
import type { ManagedKey } from "../keys/managed-key.ts";
import type { Palette } from "../terminal/colors.ts";
import { age, type Column, thousands } from "../terminal/table.ts";

type Status = "valid" | "expired" | "revoked";

export function keyColumns(paint: Palette, now: number): Column<ManagedKey>[] {
  return [
    { title: "Name", value: ({ name }) => name },
    { title: "Id", value: ({ id }) => id, whole: true },
    { title: "Key", spare: 2, value: ({ prefix }) => prefix },
    { title: "Role", spare: 3, value: ({ role }) => role },
    {
      title: "Status",
      value: (key) => statusOf(key, now),
      whole: true,
      paint: (cell, key) => (statusOf(key, now) === "valid" ? paint.good(cell) : paint.faint(cell)),
    },
    { title: "Limits", value: ({ limits }) => limitsLine(limits) || "-" },
    { title: "Tokens today", spare: 1, value: ({ spent }) => amount(spent.today.tokens) },
    {
      title: "Expires",
      spare: 4,
      value: ({ expiresAt }) => (expiresAt === undefined ? "never" : minuteOf(expiresAt)),
    },
    {
      title: "Age",
      spare: 5,
      value: ({ createdAt }) => age(new Date(createdAt).toISOString(), now),
      whole: true,
    },
  ];
}

/** `key "ci" (key_…, 60 requests a minute, until 2026-12-31 00:00 UTC)`. */
export function lineOf({ name, id, role, limits, expiresAt, revokedAt }: ManagedKey): string {
  const facts = [
    id,
    role === "admin" && "an admin's",
    limitsLine(limits),
    expiresAt !== undefined && `until ${minuteOf(expiresAt)}`,
    revokedAt !== undefined && `revoked ${minuteOf(revokedAt)}`,
  ];
  return `key "${name}" (${facts.filter(Boolean).join("; ")})`;
}

function statusOf({ revokedAt, expiresAt }: ManagedKey, now: number): Status {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt !== undefined && expiresAt <= now ? "expired" : "valid";
}

/** What is limited, in a few words. */
function limitsLine(limits: Limits): string {
  const { models, requestsPerMinute, tokensPerMinute, tokensPerDay, tokensPerMonth, budget, concurrency } =
    limits;
  const parts = [
    models?.join(" "),
    requestsPerMinute && `${requestsPerMinute} requests/min`,
    tokensPerMinute && `${amount(tokensPerMinute)} tokens/min`,
    tokensPerDay && `${amount(tokensPerDay)} tokens/day`,
    tokensPerMonth && `${amount(tokensPerMonth)} tokens/month`,
    budget && `${budget} CU`,
    concurrency && `${concurrency} at once`,
  ];
  return parts.filter(Boolean).join(", ");
}

function amount(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : thousands(tokens);
}

function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
