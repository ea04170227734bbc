import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { inodeOf, replaceDamaged } from "../../src/database/set-aside.ts";
import { keyStore } from "../../src/keys/key-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { runScript } from "../support/child.ts";
import { filesIn, keyRow, requestRow, temporaryFolder } from "../support/databases.ts";

const GARBAGE = "this is no database. ".repeat(1_000);

function asideOf(file: string): string[] {
  return readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.corrupt-`));
}

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z`;

test("a damaged file is set aside, told once, and a new one begun", async () => {
  const { keys } = filesIn(temporaryFolder());
  writeFileSync(keys.file, GARBAGE);
  const told: string[] = [];
  const database = await openDatabase(keys, "keys", { warn: (message) => told.push(message) });
  await keyStore(database).create(keyRow());
  await database.close();

  const [aside = ""] = asideOf(keys.file);
  expect(aside).toMatch(new RegExp(`^keys\\.db\\.corrupt-${TIME}$`));
  const path = join(dirname(keys.file), aside);
  expect(readFileSync(path, "utf8")).toBe(GARBAGE);
  expect(told).toEqual([`${keys.file} was damaged. It is kept as ${path}; a new one was begun.`]);
});

test("its journals go with it; a file that took its place meanwhile stays", async () => {
  const { file } = filesIn(temporaryFolder()).keys;
  for (const suffix of ["", "-wal", "-shm", "-journal"]) writeFileSync(file + suffix, suffix);
  const inode = inodeOf(file) ?? 0;
  const create = async (draft: string) => writeFileSync(draft, "new");
  expect(await replaceDamaged(file, inode + 1, create)).toBeUndefined();
  expect(readFileSync(file, "utf8")).toBe("");
  const aside = basename((await replaceDamaged(file, inode, create)) ?? "");
  expect(readFileSync(file, "utf8")).toBe("new");
  const left = readdirSync(dirname(file)).sort();
  expect(left).toEqual(
    ["keys.db", aside, `${aside}-journal`, `${aside}-shm`, `${aside}-wal`, "keys.db.lock"].sort(),
  );
  expect(await replaceDamaged(file, inode, create)).toBeUndefined();
});

test("a new file that cannot be made leaves the damaged one where it is", async () => {
  const { file } = filesIn(temporaryFolder()).keys;
  writeFileSync(file, GARBAGE);
  const create = () => Promise.reject(new Error("disk full"));
  await expect(replaceDamaged(file, inodeOf(file) ?? 0, create)).rejects.toThrow("disk full");
  expect(readFileSync(file, "utf8")).toBe(GARBAGE);
});

test("one process finds the same damage twice at once: both go on, with one new file", async () => {
  const { keys } = filesIn(temporaryFolder());
  writeFileSync(keys.file, GARBAGE);
  const both = await Promise.all([openDatabase(keys, "keys"), openDatabase(keys, "keys")]);
  for (const database of both) await keyStore(database).create(keyRow());
  expect(await keyStore(both[0]).list()).toHaveLength(2);
  for (const database of both) await database.close();
  expect(asideOf(keys.file).filter((name) => name.endsWith("Z"))).toHaveLength(1);
});

test("a file that lost its end is set aside too", async () => {
  const { keys } = filesIn(temporaryFolder());
  await (await openDatabase(keys, "keys")).close();
  truncateSync(keys.file, 5_000);
  const told: string[] = [];
  const database = await openDatabase(keys, "keys", { warn: (message) => told.push(message) });
  expect(await keyStore(database).list()).toEqual([]);
  await database.close();
  expect(told).toHaveLength(1);
});

test("damage inside a file that opens well is found by the statement that meets it, and set aside after", async () => {
  const { requests } = filesIn(temporaryFolder());
  const begun = await openDatabase(requests, "all");
  await usageStore(begun).append(Array.from({ length: 500 }, () => requestRow()));
  await begun.close();
  const bytes = readFileSync(requests.file);
  writeFileSync(requests.file, bytes.fill(0xaa, 12 * 4_096));

  const told: string[] = [];
  const options = { warn: (message: string) => told.push(message) };
  const damaged = await openDatabase(requests, "all", options);
  await expect(usageStore(damaged).recent({ limit: 1_000 })).rejects.toMatchObject({
    code: "database_corrupt",
    message: `The database ${requests.file} is damaged.`,
  });
  await damaged.close();
  expect(told).toEqual([]);

  const after = await openDatabase(requests, "all", options);
  await usageStore(after).append([requestRow()]);
  expect(await usageStore(after).recent({ limit: 9 })).toHaveLength(1);
  await after.close();
  expect(told).toHaveLength(1);
});

test("damaged statistics take no key along", async () => {
  const where = filesIn(temporaryFolder());
  const before = await openDatabase(where.requests, "requests", { beside: where.keys });
  await usageStore(before).append([requestRow()]);
  const keys = await openDatabase(where.keys, "keys");
  await keyStore(keys).create(keyRow({ name: "ci" }));
  await keys.close();
  await before.close();

  writeFileSync(where.requests.file, GARBAGE);
  const after = await openDatabase(where.requests, "requests", { beside: where.keys });
  expect(await usageStore(after).recent({ limit: 9 })).toEqual([]);
  expect(await keyStore(after).list()).toMatchObject([{ name: "ci" }]);
  await after.close();
  expect(asideOf(where.keys.file)).toEqual([]);
});

test("processes that find the same damage at the same time all go on, with one new file", {
  timeout: 60_000,
}, async () => {
  const { keys } = filesIn(temporaryFolder());
  writeFileSync(keys.file, GARBAGE);
  const CREATE = `
    const { openDatabase } = await import(BUILD + "database/open.js");
    const { keyStore } = await import(BUILD + "keys/key-store.js");
    const database = await openDatabase({ file: argument.file }, "keys");
    await keyStore(database).create(argument.key);
    await database.close();`;
  const ended = await Promise.all(
    Array.from({ length: 4 }, () => runScript(CREATE, { ...keys, key: keyRow() })),
  );
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(Array(4).fill([0, ""]));
  const database = await openDatabase(keys, "keys");
  expect(await keyStore(database).list()).toHaveLength(4);
  await database.close();
  expect(asideOf(keys.file).filter((name) => name.endsWith("Z"))).toHaveLength(1);
});
