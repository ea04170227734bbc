import { appendFileSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RequestRow } from "../../../src/database/schema.ts";
import { Journal } from "../../../src/usage/ledger/journal.ts";
import { lineOf, rowIn } from "../../../src/usage/ledger/row-line.ts";
import { Spool } from "../../../src/usage/ledger/spool.ts";
import { requestRow, temporaryFolder } from "../../support/databases.ts";
import { idsOf, open, SOON, someRows, spoolIn, stored } from "./open.ts";

const HOST = hostname().replace(/[^\w-]/g, "_");
/** No process has it: Linux goes up to 2^22. */
const NOBODY = 4_999_999;

const parts = (ledgerId: string) => ({ folder: temporaryFolder(), ledgerId });

test("rows come in their order, again until they are stored", () => {
  const place = parts("a1");
  const rows = someRows(7);
  const journal = new Journal(place);
  const spool = new Spool(place);
  expect(spool.next(5)).toBeUndefined();
  for (const row of rows) journal.append(row);
  const first = spool.next(5);
  expect(spool.next(5)).toEqual(first);
  expect(first).toMatchObject({ rows: rows.slice(0, 5), more: true });
  if (first) spool.stored(first);
  const second = spool.next(5);
  expect(second).toMatchObject({ rows: rows.slice(5), more: false });
  if (second) spool.stored(second);
  expect(spool.next(5)).toBeUndefined();
  journal.close();
  expect(spool.close()).toBe(false);
});

test("a full file is followed by another, and removed once it is stored", () => {
  const place = parts("a1");
  const journal = new Journal({ ...place, full: 1_000 });
  const spool = new Spool(place);
  const rows = someRows(20);
  for (const row of rows) journal.append(row);
  expect(readdirSync(place.folder).length).toBeGreaterThan(5);
  const seen: string[] = [];
  for (let more = true; more; ) {
    const batch = spool.next(3);
    if (!batch) break;
    seen.push(...batch.rows.map(({ id }) => id));
    spool.stored(batch);
    more = batch.more;
  }
  expect(seen).toEqual(rows.map(({ id }) => id));
  expect(readdirSync(place.folder)).toHaveLength(1);
  journal.close();
});

test.each([
  ["a line cut short by a full disk", '{"id":"req_1","at":17'],
  ["another program's", '{"hello":1}'],
  ["no JSON", "x".repeat(100)],
  ["a column of another type", lineOf({ ...requestRow(), took: 1.5 }).trim()],
  ["a column that is missing", lineOf({ ...requestRow(), id: undefined } as unknown as RequestRow).trim()],
])("%s is passed over", (_what, line) => {
  const place = parts("a1");
  const [before, after] = [requestRow(), requestRow()];
  writeFileSync(
    join(place.folder, `rows.a1.1.${HOST}.${process.pid}.jsonl`),
    `${lineOf(before)}${line}\n${lineOf(after)}`,
  );
  expect(new Spool(place).next(9)).toMatchObject({ rows: [before, after], damaged: 1 });
});

test("a row survives the line", () => {
  const row = requestRow({ session: "a\n\u{1f600}\u2028", capacity_units: 1e-7 });
  expect(rowIn(lineOf(row))).toEqual(row);
  expect(rowIn(lineOf({ ...row, tool: null, first_byte: null, capacity_units: null }))).toEqual({
    ...row,
    tool: null,
    first_byte: null,
    capacity_units: null,
  });
  expect(rowIn(JSON.stringify({ ...row, prompt: "what is none of ours" }))).toEqual(row);
});

test("a journal that cannot write says so, and begins again", () => {
  const { folder } = parts("a1");
  const place = { folder: join(folder, "spool"), ledgerId: "a1" };
  writeFileSync(place.folder, "a file where a folder should be");
  const journal = new Journal(place);
  expect(journal.append(requestRow())).toBe(false);
  expect(journal.waiting).toBe(0);
});

const LEFT: [string, string, number, boolean][] = [
  ["of a dead process", `rows.b2.1.${HOST}.${NOBODY}.jsonl`, 0, true],
  ["of a process that lives", `rows.b2.1.${HOST}.${process.ppid}.jsonl`, 3_600, false],
  ["of a process that had our number, as in a container", `rows.b2.1.${HOST}.${process.pid}.jsonl`, 20, true],
  ["of another ledger of ours", `rows.b2.1.${HOST}.${process.pid}.jsonl`, 0, false],
  ["of another machine that is silent", "rows.b2.1.elsewhere.77.jsonl", 100, true],
  ["of another machine", "rows.b2.1.elsewhere.77.jsonl", 1, false],
  ["something else", "notes.jsonl", 100_000, false],
];

test.each(LEFT)("files %s: taken over or left alone", (_whose, name, age, isLeft) => {
  const place = parts("a1");
  const row = requestRow();
  writeFileSync(join(place.folder, name), lineOf(row));
  const at = Date.now() / 1_000 - age;
  utimesSync(join(place.folder, name), at, at);
  const spool = new Spool(place);
  expect(spool.adoptLeft()).toBe(isLeft ? 1 : 0);
  expect(new Spool({ ...place, ledgerId: "c3" }).adoptLeft()).toBe(0);
  const batch = spool.next(9);
  expect(batch?.rows).toEqual(isLeft ? [row] : undefined);
  if (batch) spool.stored(batch);
  expect(spool.next(9)).toBeUndefined();
  expect(readdirSync(place.folder)).toEqual(isLeft ? [] : [name]);
});

test("rows that were kept without a database are taken over by one, once", async () => {
  const first = open();
  const rows = someRows(3);
  writeFileSync(join(first.options.folder, "usage.jsonl"), rows.map(lineOf).join(""));
  const [later] = someRows(1);
  if (later) first.ledger.record(later);
  await expect.poll(() => stored(first.options), SOON).toHaveLength(4);
  await first.ledger.close();
  mkdirSync(join(first.options.folder, "usage-spool"), { recursive: true });
  appendFileSync(join(first.options.folder, "usage.jsonl"), rows.map(lineOf).join(""));
  renameSync(
    join(first.options.folder, "usage.jsonl"),
    join(first.options.folder, "usage-spool", `rows.d4.1.${HOST}.${NOBODY}.jsonl`),
  );
  const second = open({ ...first.options, keys: true });
  await expect.poll(() => spoolIn(first.options.folder), SOON).toEqual([]);
  expect(idsOf(await stored(second.options))).toEqual(idsOf([...rows, ...(later ? [later] : [])]));
});
