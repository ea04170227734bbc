/** Settings that change while a command runs: their files are looked at every few seconds, or when asked to. */
import { statSync } from "node:fs";
import { asAicoreError } from "../errors.ts";

export interface ReloadOptions {
  /** The files whose change counts; they need not exist. */
  files: readonly string[];
  /** Reads them and puts what they say in force, or throws and leaves everything as it was. */
  reload(): void;
  onReloaded(): void;
  /** Hears why it could not be done; of the same reason once, although it is tried again until it works. */
  onFailed(message: string): void;
  /** Milliseconds between two looks. Default: 3 s. */
  every?: number;
}

export interface Reloader {
  /** Reads the files now, whether or not they changed. */
  now(): void;
  stop(): void;
}

const EVERY = 3_000;

/**
 * Looks at the files by time, for events of the file system get lost on network drives and in containers. Does not keep
 * the process.
 */
export function keepReading({ files, reload, onReloaded, onFailed, every = EVERY }: ReloadOptions): Reloader {
  let seen = stateOf(files);
  let complaint: string | undefined;
  const now = () => {
    seen = stateOf(files);
    try {
      reload();
    } catch (error) {
      const { message } = asAicoreError(error);
      if (message !== complaint) onFailed(message);
      complaint = message;
      return;
    }
    complaint = undefined;
    onReloaded();
  };
  const timer = setInterval(() => {
    if (complaint !== undefined || stateOf(files) !== seen) now();
  }, every).unref();
  return { now, stop: () => clearInterval(timer) };
}

/** Differs whenever a file was written or replaced. */
function stateOf(files: readonly string[]): string {
  return files
    .map((file) => {
      try {
        const { mtimeMs, size, ino } = statSync(file);
        return `${mtimeMs} ${size} ${ino}`;
      } catch {
        return "";
      }
    })
    .join("\n");
}
