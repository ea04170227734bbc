import { setTimeout } from "node:timers/promises";
import { AicoreError } from "../errors.ts";
import { createPrivately } from "./sqlite.ts";
import { openSqlite, type SqliteHandle } from "./sqlite-engine.ts";

/** Milliseconds to wait for whoever has the lock, and between two tries. */
const PATIENCE = 10_000;
const PAUSE = 20;

/**
 * Does what one process at a time may do, and in it one caller. The lock is SQLite's own on an empty file, which stays:
 * it ends with its process, however that ends.
 * @throws AicoreError `database_locked` when another one keeps it for ten seconds.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  createPrivately(file);
  const handle = await openSqlite(file);
  try {
    await lock(handle);
    try {
      return await work();
    } finally {
      unlock(handle);
    }
  } finally {
    handle.close();
  }
}

/** Waits without SQLite's own patience, which would stop this thread: the lock may be another caller's in it. */
async function lock(handle: SqliteHandle): Promise<void> {
  handle.rows("pragma busy_timeout = 0");
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      handle.prepare("begin exclusive").run([]);
      return;
    } catch (error) {
      const isLocked = error instanceof AicoreError && error.code === "database_locked";
      if (!isLocked || Date.now() > end) throw error;
      await setTimeout(PAUSE);
    }
  }
}

/** libsql closes a file only when its statements were collected; the lock must not last as long. */
function unlock(handle: SqliteHandle): void {
  handle.prepare("rollback").run([]);
}
