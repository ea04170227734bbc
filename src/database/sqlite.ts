import { closeSync, constants, openSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { ensurePrivateFolder, makePrivate } from "../config/private-file.ts";
import { AicoreError } from "../errors.ts";
import { inaccessible } from "./errors.ts";
import { openSqlite, type SqliteHandle } from "./sqlite-engine.ts";

/** Milliseconds that a statement waits for another process. */
const PATIENCE = 5_000;
/** Milliseconds to wait for a change of the journal, which needs the file for itself. */
const PATIENCE_FOR_JOURNAL = 500;

/**
 * Opens a SQLite file that only this user can read, in the journal mode that its engine is safe with.
 * @throws AicoreError `database_*` for a file that is locked, damaged, not writable, or on a network drive.
 */
export async function openFile(file: string, patience = PATIENCE): Promise<SqliteHandle> {
  ensurePrivateFolder(dirname(file));
  refuseNetworkDrive(file);
  createPrivately(file);
  const handle = await openSqlite(file);
  try {
    prepare(handle, patience);
  } catch (error) {
    handle.close();
    throw error;
  }
  return handle;
}

/**
 * Makes the tables of a second file part of this one's transactions. Names are found there as in the first: no table of
 * ours is in both, but for the list of migrations.
 */
export function attach(handle: SqliteHandle, file: string): void {
  handle.prepare("attach database ? as beside").run([file]);
  chooseJournal(handle, "beside.");
}

/**
 * `busy_timeout` comes first: with `journal_mode` first, a second process died of "database is locked" (measured
 * 2026-11).
 */
function prepare(handle: SqliteHandle, patience: number): void {
  handle.rows(`pragma busy_timeout = ${PATIENCE_FOR_JOURNAL}`);
  chooseJournal(handle, "");
  handle.rows(`pragma busy_timeout = ${patience}`);
}

/**
 * WAL loses committed rows in SQLite before 3.51.3 when two connections write and checkpoint in the same instant
 * (https://sqlite.org/wal.html, 2026); libsql 0.5 has 3.45.1 and no release with the repair.
 */
function chooseJournal(handle: SqliteHandle, schema: "" | "beside."): void {
  const wal = walIsSafe(sqliteVersion(handle));
  changeJournal(handle, schema, wal ? "wal" : "truncate");
  handle.rows(`pragma ${schema}synchronous = ${wal ? "normal" : "full"}`);
}

export function sqliteVersion(handle: SqliteHandle): string {
  return String(handle.rows("select sqlite_version() as version")[0]?.version);
}

/** Whether a version of SQLite has the repair of the WAL reset: 3.51.3, backported to 3.50.7 and 3.44.6. */
export function walIsSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 3) return major > 3;
  if (minor === 50) return patch >= 7;
  if (minor === 44) return patch >= 6;
  return minor > 51 || (minor === 51 && patch >= 3);
}

/** Another process that has the file open keeps its journal as it is; we then go on in that mode. */
function changeJournal(handle: SqliteHandle, schema: string, wanted: string): void {
  if (handle.rows(`pragma ${schema}journal_mode`)[0]?.journal_mode === wanted) return;
  try {
    handle.rows(`pragma ${schema}journal_mode = ${wanted}`);
  } catch (error) {
    if (!(error instanceof AicoreError) || error.code !== "database_locked") throw error;
  }
}

/** SQLite gives its journal the mode of the file. A link could lead to somebody else's file. */
export function createPrivately(file: string): void {
  const { O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
  try {
    closeSync(openSync(file, O_CREAT | O_RDWR | (O_NOFOLLOW ?? 0), 0o600));
    makePrivate(file);
  } catch (error) {
    throw inaccessible(file, error);
  }
}

/** From linux/magic.h: NFS, SMB, CIFS, SMB 2. Locks and shared memory of SQLite do not hold there. */
const NETWORK_DRIVES = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);

export function isNetworkDrive(type: number): boolean {
  return NETWORK_DRIVES.has(type >>> 0);
}

function refuseNetworkDrive(file: string): void {
  if (process.platform !== "linux" || !isNetworkDrive(statfsSync(dirname(file)).type)) return;
  throw new AicoreError(
    "database_on_network_drive",
    `${dirname(file)} is on a network drive, where SQLite is not safe.`,
    {
      hint: "Set AICORE_CLI_HOME to a folder of a local disk, or AICORE_DATABASE_URL to a Postgres.",
    },
  );
}
