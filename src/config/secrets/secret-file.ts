import { CredentialsError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../private-file.ts";

/** A file of ours with one entry a profile: `{"version": 1, "profiles": {…}}`, mode 0600. */

/** @throws CredentialsError when others can read the file, or when it is damaged */
export function readEntry(path: string, profile: string): Json | undefined {
  const profiles = readEntries(path);
  return Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
}

export function writeEntry(path: string, profile: string, entry: Json): void {
  writeEntries(path, { ...readEntries(path), [profile]: entry });
}

/** The file goes with its last entry. */
export function removeEntry(path: string, profile: string): void {
  const profiles = readEntries(path);
  if (!Object.hasOwn(profiles, profile)) return;
  const { [profile]: _gone, ...rest } = profiles;
  if (Object.keys(rest).length === 0) removePrivateFile(path);
  else writeEntries(path, rest);
}

function readEntries(path: string): JsonObject {
  const bytes = readPrivateFile(path, { secret: true });
  if (bytes === undefined) return {};
  const document = parse(bytes.toString("utf8"));
  if (isObject(document) && document.version === 1 && isObject(document.profiles)) return document.profiles;
  throw new CredentialsError(
    "credential_file_damaged",
    `${path} is damaged: it is not a credential file of aicore.`,
    {
      hint: "Move it away and run `aicore login` again.",
    },
  );
}

function writeEntries(path: string, profiles: JsonObject): void {
  writePrivateFile(path, `${JSON.stringify({ version: 1, profiles }, null, 2)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
