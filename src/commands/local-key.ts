/** The key of this machine's user for `aicore serve`. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { readPrivateFile, writePrivateFile } from "../config/private-file.ts";

/** A fresh key for a local proxy: 256 random bits. */
export function createKey(): string {
  return `aicl_${randomBytes(32).toString("base64url")}`;
}

/** The local key, made at the first call. It stands in the state folder, readable by this user alone. */
export function localKey(paths: Paths): string {
  const known = readLocalKey(paths);
  if (known) return known;
  const key = createKey();
  writePrivateFile(localKeyPath(paths), `${key}\n`);
  return key;
}

export function localKeyPath(paths: Paths): string {
  return join(paths.state, "local-key");
}

/** The local key, or undefined when `serve` never ran. */
export function readLocalKey(paths: Paths): string | undefined {
  const text = readPrivateFile(localKeyPath(paths), { secret: true })?.toString("utf8").trim();
  return text || undefined;
}
