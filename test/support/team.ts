import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyWish } from "../../src/keys/new-key.ts";
import { silentLogger } from "../../src/log.ts";
import { ledgerBackend } from "../../src/proxy/admin/ledger-backend.ts";
import { type Ledger, openLedger } from "../../src/usage/ledger/index.ts";
import { rowOf } from "../../src/usage/request-row.ts";
import { KEY, type Stack, type StackOptions, startStack, testKey } from "./stack.ts";

/** A proxy that a team shares: keys and usage in an embedded database, as `aicore serve` has them. */
export interface Team extends Stack {
  ledger: Ledger;
  /** An administrator's key. */
  admin: string;
  /** A key of the database that the proxy knows already. */
  newKey(input: Partial<KeyWish>): Promise<string>;
  /** `method path` with the administrator's key. */
  manage(method: string, path: string, body?: unknown): Promise<Response>;
  /** Over when the proxy knows the keys of the database that it should, and no others. */
  knows(names: (known: readonly string[]) => boolean): Promise<void>;
  /** Over when so many requests are in the database. */
  stored(requests: number): Promise<void>;
}

/** What each request costs here. */
export const UNITS = 0.25;

export async function startTeam(options: StackOptions = {}): Promise<Team> {
  const folder = mkdtempSync(join(tmpdir(), "aicore-team-"));
  const where = { keys: { file: join(folder, "keys.db") }, requests: { file: join(folder, "usage.db") } };
  const ledger = openLedger({
    where,
    folder,
    keys: true,
    usage: true,
    retentionDays: 30,
    log: silentLogger,
    pollEvery: 20,
  });
  const backend = ledgerBackend(ledger, () => UNITS);
  await ledger.looked();
  const keys = () => [testKey(KEY), ...(ledger.keys ?? [])];
  const stack = await startStack({
    ...options,
    proxy: {
      keys: keys(),
      admin: backend,
      ledger,
      spentBy: (id, period) => ledger.spentBy(id, period),
      onRecord: (record) => ledger.record(rowOf(record, UNITS)),
      ...options.proxy,
    },
  });
  const waiting = new Set<() => void>();
  ledger.onKeys(() => {
    stack.proxy.useKeys(keys());
    for (const look of waiting) look();
  });
  const knows = (isSo: (known: readonly string[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo((ledger.keys ?? []).map(({ name }) => name))) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const newKey = async (input: Partial<KeyWish>) => {
    const wanted = {
      name: "somebody",
      role: "inference" as const,
      limits: {},
      expiresAt: undefined,
      ...input,
    };
    const { secret } = await backend.createKey(wanted);
    await knows((known) => known.includes(wanted.name));
    return secret;
  };
  const admin = await newKey({ name: "boss", role: "admin" });
  return {
    ...stack,
    ledger,
    admin,
    newKey,
    manage: (method, path, body) =>
      fetch(stack.proxy.url + path, {
        method,
        headers: { "x-api-key": admin, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    knows,
    async stored(requests) {
      for (;;) {
        const rows = await ledger.ask("recent", { limit: 1_000 });
        if (rows.length >= requests) return;
      }
    },
    async close() {
      await stack.close();
      await ledger.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
