import { AicoreError } from "../errors.ts";

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
