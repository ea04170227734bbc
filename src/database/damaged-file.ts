import { renameSync, statSync } from "node:fs";
import { AicoreError } from "../errors.ts";
import { inaccessible } from "./errors.ts";

/**
 * Files in which a statement met damage. Opening reads only the beginning of a file; when one of these is opened again it
 * is read as a whole, so that damage inside it does not come back for ever.
 */
const suspects = new Set<string>();

export function suspect(file: string): void {
  suspects.add(file);
}

/**
 * @param rows runs a statement on the file.
 * @throws AicoreError `database_corrupt` when the file was suspected with reason.
 */
export function checkIfSuspect(file: string, rows: (sql: string) => Record<string, unknown>[]): void {
  if (!suspects.delete(file)) return;
  const [first] = rows("pragma quick_check(1)");
  if (first?.quick_check === "ok") return;
  throw new AicoreError("database_corrupt", `The database ${file} is damaged: ${first?.quick_check}.`);
}

/**
 * Moves a damaged file and its journals away, these first: a new file must not find old ones. Nothing is moved when
 * another process has already done so: then the file is no longer the one that was found damaged.
 * @param inode of the damaged file.
 * @returns where it is now; undefined when it was not moved.
 */
export function setAside(file: string, inode: number): string | undefined {
  if (inodeOf(file) !== inode) return undefined;
  const aside = `${file}.corrupt-${new Date().toISOString().replaceAll(":", "-")}`;
  for (const suffix of ["-wal", "-shm", "-journal"]) moveIfThere(file + suffix, aside + suffix);
  return moveIfThere(file, aside) ? aside : undefined;
}

function moveIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw inaccessible(from, error);
  }
}

/** Of a file; undefined where there is none. */
export function inodeOf(file: string): number | undefined {
  try {
    return statSync(file).ino;
  } catch {
    return undefined;
  }
}
