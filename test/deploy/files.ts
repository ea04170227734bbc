/** What lies in `deploy/`, as this repository has it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Document, parseAllDocuments } from "yaml";

export const ROOT = resolve(import.meta.dirname, "../..");

/** Of every file of `deploy/`, seen from the root. */
export const PATHS = readdirSync(join(ROOT, "deploy"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
  .sort();

export const YAML_PATHS = PATHS.filter((path) => /\.ya?ml$/.test(path));

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export function documentsIn(path: string): Document.Parsed[] {
  const documents = parseAllDocuments(textOf(path));
  return Array.isArray(documents) ? documents : [];
}

/** The one document of a file, as a plain object. */
export function objectIn<T>(path: string): T {
  return documentsIn(path)[0]?.toJS() as T;
}
