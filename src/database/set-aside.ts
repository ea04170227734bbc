import { linkSync, renameSync, rmSync, statSync } from "node:fs";
import { inaccessible } from "./errors.ts";
import { withFileLock } from "./file-lock.ts";

const JOURNALS = ["-wal", "-shm", "-journal"];

/**
 * Puts a new file into the place of a damaged one, which is kept beside it with its journals. The new one is complete
 * before anybody finds it, and takes the place in one step: a process that opened the damaged file a moment ago takes a
 * journal of that name for its own, and deletes it ("disk I/O error" in the process that was writing it; CI, 2026-11).
 * Nothing is moved when another process has already done so: then the file is no longer the one that was found damaged.
 * @param inode of the damaged file.
 * @param create makes a new file and closes it.
 * @returns where the damaged one is now; undefined when it was not moved.
 */
export async function replaceDamaged(
  file: string,
  inode: number,
  create: (draft: string) => Promise<void>,
): Promise<string | undefined> {
  return await withFileLock(`${file}.lock`, async () => {
    if (inodeOf(file) !== inode) return undefined;
    const draft = `${file}.new`;
    for (const suffix of ["", ...JOURNALS]) rmSync(draft + suffix, { force: true });
    await create(draft);
    const aside = `${file}.corrupt-${new Date().toISOString().replaceAll(":", "-")}`;
    try {
      for (const suffix of JOURNALS) moveIfThere(file + suffix, aside + suffix);
      linkSync(file, aside);
      renameSync(draft, file);
    } catch (error) {
      throw inaccessible(file, error);
    }
    for (const suffix of JOURNALS) rmSync(draft + suffix, { force: true });
    return aside;
  });
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
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
