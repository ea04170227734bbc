/** A ledger with its real thread, closed with the test, and rows to put into it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { openDatabase } from "../../../src/database/open.ts";
import type { RequestRow } from "../../../src/database/schema.ts";
import { createLogger } from "../../../src/log.ts";
import { type Ledger, type LedgerOptions, openLedger } from "../../../src/usage/ledger/index.ts";
import type { UsageFilter } from "../../../src/usage/usage-query.ts";
import { usageStore } from "../../../src/usage/usage-store.ts";
import { filesIn, requestRow, temporaryFolder } from "../../support/databases.ts";

/** What a busy machine may need for something that takes a moment. */
export const SOON = { timeout: 15_000 };

export interface Opened {
  ledger: Ledger;
  options: LedgerOptions;
  /** Lines that it logged. */
  logged: string[];
}

export function open(more: Partial<LedgerOptions> = {}): Opened {
  const logged: string[] = [];
  const folder = more.folder ?? temporaryFolder();
  const options: LedgerOptions = {
    where: filesIn(folder),
    folder,
    keys: false,
    usage: true,
    retentionDays: 400,
    log: createLogger("debug", (line) => logged.push(line)),
    pollEvery: 20,
    ...more,
  };
  const ledger = openLedger(options);
  onTestFinished(() => ledger.close());
  return { ledger, options, logged };
}

/** Distinct rows of now. */
export function someRows(count: number, more: Partial<RequestRow> = {}): RequestRow[] {
  return Array.from({ length: count }, () => {
    const row = requestRow({ at: Date.now(), ...more });
    return { ...row, id: `${row.id}_${process.pid}_${Math.random().toString(16).slice(2)}` };
  });
}

/** What is in the table, through a connection of the test's own. */
export async function stored(
  { where }: Pick<LedgerOptions, "where">,
  filter: UsageFilter = {},
): Promise<RequestRow[]> {
  const database = await openDatabase(where.requests, "requests", { beside: where.keys });
  try {
    return await usageStore(database).recent({ limit: 100_000, ...filter });
  } finally {
    await database.close();
  }
}

/** Waits until nothing waits. */
export async function untilStored({ ledger }: Pick<Opened, "ledger">): Promise<void> {
  await expect
    .poll(() => ledger.state(), SOON)
    .toMatchObject({ queued: 0, spooled: 0, lastError: undefined });
}

export function spoolIn(folder: string): string[] {
  const spool = join(folder, "usage-spool");
  return existsSync(spool) ? readdirSync(spool) : [];
}

export function idsOf(rows: readonly RequestRow[]): string[] {
  return rows.map(({ id }) => id).sort();
}

/** The rows of all files of the spool, stored or not. */
export function rowsWaitingIn(folder: string): RequestRow[] {
  return spoolIn(folder).flatMap((name) =>
    readFileSync(join(folder, "usage-spool", name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as RequestRow),
  );
}
