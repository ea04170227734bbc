import { AicoreError, ConfigError } from "../errors.ts";

/** Primary result codes (https://sqlite.org/rescode.html); an extended code has its primary one in the low byte. */
const SQLITE: Record<number, [code: string, what: string, hint: string]> = {
  5: ["database_locked", "is locked by another program", "Try again; end the program that holds it."],
  6: ["database_locked", "is locked by another program", "Try again; end the program that holds it."],
  8: ["database_read_only", "cannot be written to", "Make the file and its folder writable for this user."],
  10: ["database_io", "cannot be read or written", "Check the disk that it is on."],
  11: ["database_corrupt", "is damaged", "Move it away: a new one is begun."],
  13: ["database_full", "cannot grow: the disk is full", "Make room on the disk that it is on."],
  14: ["database_inaccessible", "cannot be opened", "Make the file and its folder accessible for this user."],
  26: ["database_corrupt", "is not a database", "Move it away: a new one is begun."],
};

/** What an embedded engine threw, in words that name the file. `node:sqlite` has `errcode`, libsql `rawCode`. */
export function sqliteError(file: string, error: unknown): AicoreError {
  if (error instanceof AicoreError) return error;
  const number = numberOf(error, "errcode") ?? numberOf(error, "rawCode") ?? 0;
  const [code, what, hint] = SQLITE[number & 0xff] ?? ["database_failed", `failed: ${messageOf(error)}`];
  return new AicoreError(code, `The database ${file} ${what}.`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What the file system threw, in words that name the file. */
export function inaccessible(file: string, error: unknown): AicoreError {
  return new AicoreError("database_inaccessible", `Cannot open ${file}: ${messageOf(error)}.`, {
    hint: "Make the file and its folder writable for this user, or set AICORE_CLI_HOME to another folder.",
    cause: error,
  });
}

export function isCorrupt(error: unknown): boolean {
  return error instanceof AicoreError && error.code === "database_corrupt";
}

export function engineMissing(what: string, hint: string, cause?: unknown): ConfigError {
  return new ConfigError("database_engine_missing", what, { hint, cause });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function numberOf(error: unknown, member: string): number | undefined {
  const value =
    error instanceof Error && member in error
      ? (error as Error & Record<string, unknown>)[member]
      : undefined;
  return typeof value === "number" ? value : undefined;
}
