import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import type { Where } from "../../src/config/database.ts";
import { type Database, openDatabase } from "../../src/database/open.ts";
import type { KeyRow, RequestRow } from "../../src/database/schema.ts";
import { noPostgres, type PostgresServer, startPostgres } from "./postgres.ts";

/** Keys and requests as a proxy opens them, empty, closed after the test. */
export interface Databases {
  where: { keys: Where; requests: Where };
  keys: Database;
  requests: Database;
}

/** The same tests on the embedded engine of this Node and on Postgres; `place` is where nothing was opened yet. */
export function onEveryEngine(
  title: string,
  tests: (open: () => Promise<Databases>, place: () => Promise<Databases["where"]>) => void,
): void {
  describe(`${title}, embedded`, () => {
    const place = async () => filesIn(temporaryFolder());
    tests(opener(place), place);
  });
  describe.skipIf(noPostgres)(`${title}, Postgres${noPostgres ? `: ${noPostgres}` : ""}`, () => {
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    }, 60_000);
    afterAll(async () => server?.remove());
    const place = async () => {
      const url = (await server?.newDatabase()) ?? "";
      return { keys: { url }, requests: { url } };
    };
    tests(opener(place), place);
  });
}

function opener(place: () => Promise<Databases["where"]>): () => Promise<Databases> {
  const opened: Database[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  return async () => {
    const where = await place();
    const keys = await openDatabase(where.keys, "keys");
    const requests = await openDatabase(where.requests, "requests", { beside: where.keys });
    opened.push(keys, requests);
    return { where, keys, requests };
  };
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aicore-db-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function filesIn(folder: string): { keys: { file: string }; requests: { file: string } } {
  return { keys: { file: join(folder, "keys.db") }, requests: { file: join(folder, "usage.db") } };
}

let made = 0;

/** A key of its own id, name and digest. */
export function keyRow(members: Partial<KeyRow> = {}): KeyRow {
  made += 1;
  return {
    id: `key_${made}`,
    name: `name ${made}`,
    role: "inference",
    prefix: "aic_abcdefgh",
    digest: `digest ${made}`,
    limits: "{}",
    created_at: made,
    expires_at: null,
    revoked_at: null,
    ...members,
  };
}

/** A completed request of its own id: 1 token of input, 2, 4, 8 of the caches, 16 of output, 32 of reasoning. */
export function requestRow(members: Partial<RequestRow> = {}): RequestRow {
  made += 1;
  const at = members.at ?? Date.UTC(2026, 10, 21, 15, 4, 5);
  return {
    id: `req_${made}`,
    at,
    day: new Date(at).toISOString().slice(0, 10),
    key_id: "key_ci",
    key_name: "ci",
    profile: "default",
    tool: "codex",
    session: "s1",
    dialect: "openai-responses",
    requested: "gpt-5",
    model: "gpt-5",
    deployment: "d1",
    streamed: 1,
    outcome: "completed",
    status: 200,
    attempts: 1,
    first_byte: 80,
    took: 900,
    input_tokens: 1,
    cache_read_tokens: 2,
    cache_write_5m_tokens: 4,
    cache_write_1h_tokens: 8,
    output_tokens: 16,
    reasoning_tokens: 32,
    usage_source: "reported",
    capacity_units: 0.25,
    ...members,
  };
}
