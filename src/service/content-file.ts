/** Prompts and answers on disk, for who asked for it with `--log-content`: private, and gone after a day or two. */
import { closeSync, fstatSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { openLogFile } from "./log-file.ts";

/** Milliseconds (security T25). */
const DAY = 24 * 3_600_000;
const LIMIT = 100 * 1024 * 1024;

/**
 * Where contents go, one JSON line each, mode 0600. A file that is a day old, or 100 MB large, becomes `<path>.1`; the one
 * before it is gone.
 * @throws ConfigError when the file cannot be written
 */
export function writeContentFile(path: string, now: () => number = Date.now): (content: object) => void {
  dropOld(`${path}.1`, now());
  let file = openLogFile(path);
  return (content) => {
    try {
      const { size, birthtimeMs } = fstatSync(file);
      if (size > 0 && (size >= LIMIT || now() - birthtimeMs >= DAY)) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openLogFile(path);
      }
      dropOld(`${path}.1`, now());
      writeSync(file, `${JSON.stringify(content)}\n`);
    } catch {
      // A full disk must not end the proxy.
    }
  };
}

/** What was turned away is kept for a day at most. */
function dropOld(path: string, now: number): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat && now - stat.mtimeMs >= DAY) rmSync(path, { force: true });
}
