import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { isNetworkDrive, walIsSafe } from "../../src/database/sqlite.ts";
import { keyStore } from "../../src/keys/key-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { runScript, startScript } from "../support/child.ts";
import { filesIn, keyRow, requestRow, temporaryFolder } from "../support/databases.ts";

const OPEN = `
  const { openDatabase } = await import(BUILD + "database/open.js");
  try {
    const database = await openDatabase(argument, "all");
    console.log(database.engine);
    await database.close();
  } catch ({ code, message, hint }) {
    console.log(JSON.stringify({ code, message, hint }));
  }
`;
/** Makes packages unfindable, as an installation without optional packages does. */
const WITHOUT_OPTIONAL = [
  "--import",
  `data:text/javascript,${encodeURIComponent(`
    import { register } from "node:module";
    register("data:text/javascript," + encodeURIComponent(
      "export async function resolve(name, context, next) { if (name === 'libsql' || name === 'pg') throw new Error('not installed'); return next(name, context); }"
    ));`)}`,
];
const NODE_HAS_SQLITE = Number(process.versions.node.split(".", 1)[0]) >= 22;

describe("the engine", () => {
  test("is the one of this Node, and says nothing on the terminal", async () => {
    const ended = await runScript(OPEN, { file: join(temporaryFolder(), "keys.db") });
    expect(ended).toEqual({
      stdout: expect.stringMatching(
        NODE_HAS_SQLITE ? /^node:sqlite \(SQLite 3\.\d+\.\d+\)\n$/ : /^libsql \(SQLite 3\.\d+\.\d+\)\n$/,
      ),
      stderr: "",
      code: 0,
    });
  });

  test.skipIf(NODE_HAS_SQLITE)("libsql is not installed: an error that says what to do", async () => {
    const { stdout } = await runScript(OPEN, { file: join(temporaryFolder(), "keys.db") }, WITHOUT_OPTIONAL);
    expect(JSON.parse(stdout)).toEqual({
      code: "database_engine_missing",
      message: `There is no embedded database for Node ${process.versions.node} on ${process.platform}-${process.arch}.`,
      hint: expect.stringContaining("Use Node 22.13 or newer"),
    });
  });

  test("pg is not installed: an error that says what to do", async () => {
    const { stdout } = await runScript(OPEN, { url: "postgres://u:p@localhost/db" }, WITHOUT_OPTIONAL);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "database_engine_missing",
      hint: expect.stringContaining("npm install -g pg"),
    });
  });

  test.each([
    ["3.45.1", false],
    ["3.51.2", false],
    ["3.51.3", true],
    ["3.50.6", false],
    ["3.50.7", true],
    ["3.44.5", false],
    ["3.44.6", true],
    ["3.49.9", false],
    ["3.52.0", true],
    ["3.6.23", false],
    ["4.0.0", true],
  ])("WAL is safe with SQLite %s: %s", (version, safe) => {
    expect(walIsSafe(version)).toBe(safe);
  });

  test("the journal is one that the engine is safe with, in both files", async () => {
    const where = filesIn(temporaryFolder());
    const database = await openDatabase(where.requests, "requests", { beside: where.keys });
    const ask = async (pragma: string) =>
      (await sql.raw(`pragma ${pragma}`).execute(database.kysely)).rows[0];
    const version = /SQLite ([\d.]+)/.exec(database.engine)?.[1] ?? "";
    const [journal, synchronous] = walIsSafe(version) ? ["wal", 1] : ["truncate", 2];
    for (const schema of ["main", "beside"]) {
      expect(await ask(`${schema}.journal_mode`)).toEqual({ journal_mode: journal });
      expect(await ask(`${schema}.synchronous`)).toEqual({ synchronous });
    }
    expect(await ask("busy_timeout")).toEqual({ timeout: 5_000 });
    await database.close();
  });
});

describe.skipIf(process.platform === "win32")("the files", () => {
  test("are for this user only, whatever the umask", async () => {
    const folder = join(temporaryFolder(), "state", "deeper");
    const before = process.umask(0);
    const database = await openDatabase(filesIn(folder).keys, "keys").finally(() => process.umask(before));
    await keyStore(database).create(keyRow());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    await database.close();
  });

  test.each([
    ["a symbolic link", (file: string) => symlinkSync("/dev/null", file)],
    ["a folder", (file: string) => mkdirSync(file)],
  ])("%s in the file's place is refused", async (_what, put) => {
    const { file } = filesIn(temporaryFolder()).keys;
    put(file);
    await expect(openDatabase({ file }, "keys")).rejects.toMatchObject({
      code: "database_inaccessible",
      message: expect.stringContaining(file),
      hint: expect.stringContaining("AICORE_CLI_HOME"),
    });
  });

  test("a folder that cannot be made is told", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "state"), "");
    await expect(openDatabase({ file: join(folder, "state", "keys.db") }, "keys")).rejects.toMatchObject({
      code: "file_inaccessible",
    });
  });

  test.each([
    [0x6969, true],
    [0xff534d42, true],
    [0xff534d42 | 0, true],
    [0xef53, false],
    [0x01021994, false],
  ])("a file system of type %i is a network drive: %s", (type, network) => {
    expect(isNetworkDrive(type)).toBe(network);
  });
});

describe("trouble while it runs", () => {
  const TROUBLE: [string, string, string][] = [
    ["a full disk", "max_page_count = 1", "database_full"],
    ["a read-only disk", "query_only = 1", "database_read_only"],
  ];
  test.each(TROUBLE)("%s is an error with a code, and nothing is lost", async (_what, pragma, code) => {
    const { requests, keys } = filesIn(temporaryFolder());
    const database = await openDatabase(requests, "requests", { beside: keys });
    const store = usageStore(database);
    await store.append([requestRow()]);
    await sql.raw(`pragma ${pragma}`).execute(database.kysely);
    const many = Array.from({ length: 400 }, () => requestRow());
    await expect(store.append(many)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(requests.file),
    });
    expect(await store.recent({ limit: 9 })).toHaveLength(1);
    await sql.raw(`pragma max_page_count = 100000`).execute(database.kysely);
    await sql.raw(`pragma query_only = 0`).execute(database.kysely);
    expect(await store.append(many)).toHaveLength(400);
    await database.close();
  });

  test("a file that another program holds is told as locked", { timeout: 60_000 }, async () => {
    const { keys } = filesIn(temporaryFolder());
    const database = await openDatabase(keys, "keys");
    await sql`pragma busy_timeout = 1`.execute(database.kysely);
    const HOLD = `
      const { openDatabase } = await import(BUILD + "database/open.js");
      const { kysely } = await openDatabase(argument, "keys");
      const { sql } = await import("kysely");
      await kysely.connection().execute(async (one) => {
        await sql\`begin immediate\`.execute(one);
        console.log("held");
        await new Promise((resolve) => setTimeout(resolve, 600_000));
      });`;
    const holder = startScript(HOLD, keys);
    await new Promise((resolve) => holder.stdout?.once("data", resolve));
    await expect(keyStore(database).create(keyRow())).rejects.toMatchObject({ code: "database_locked" });
    expect(await keyStore(database).list()).toEqual([]);
    const ended = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await ended;
    await keyStore(database).create(keyRow());
    await database.close();
    expect(existsSync(keys.file)).toBe(true);
  });
});
