/** What we changed in a tool's files, in our state folder: how `unconfigure` knows what is ours. */
import { basename, join } from "node:path";
import type { Paths } from "../../config/paths.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../../config/private-file.ts";
import { ConfigError } from "../../errors.ts";
import { isObject } from "../../hub/json.ts";
import type { Change } from "./formats/format.ts";
import type { FormatName } from "./formats/index.ts";

export interface ToolRecord {
  version: 1;
  tool: string;
  /** The proxy that the tool was pointed at. */
  url: string;
  files: FileRecord[];
}

export interface FileRecord {
  path: string;
  format: FormatName;
  /** There was no file. */
  created: boolean;
  /** The outermost folder that was made for it. */
  folder?: string;
  /** The mode that the file had before it was closed to other users. */
  mode?: number;
  changes: Change[];
}

/** The record of a tool; undefined when it was never configured. @throws ConfigError for a file that is not ours */
export function readRecord(paths: Paths, tool: string): ToolRecord | undefined {
  const path = recordPath(paths, tool);
  const text = readPrivateFile(path)?.toString("utf8");
  if (text === undefined) return undefined;
  try {
    const record: unknown = JSON.parse(text);
    if (isObject(record) && record.version === 1 && Array.isArray(record.files))
      return record as unknown as ToolRecord;
  } catch {
    // Told below: a record that is cut short is as useless as one of another version.
  }
  throw new ConfigError("record_unreadable", `${path} is not a record of this version of aicore.`, {
    hint: "Update aicore, or take its lines out of the tool's settings by hand and remove this file.",
  });
}

export function writeRecord(paths: Paths, record: ToolRecord): void {
  writePrivateFile(recordPath(paths, record.tool), `${JSON.stringify(record, null, 2)}\n`);
}

export function removeRecord(paths: Paths, tool: string): void {
  removePrivateFile(recordPath(paths, tool));
}

/** Keeps a file as it was before our last change. @returns where */
export function keepBackup(paths: Paths, tool: string, path: string, bytes: string): string {
  const backup = join(paths.state, "configure", `${tool}-${basename(path)}.backup`);
  writePrivateFile(backup, bytes);
  return backup;
}

function recordPath(paths: Paths, tool: string): string {
  return join(paths.state, "configure", `${tool}.json`);
}
