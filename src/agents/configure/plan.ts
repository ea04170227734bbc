/** What has to be done to the files of a tool; nothing is written here, so that `--dry-run` is the same work. */
import { createTwoFilesPatch } from "diff";
import { AicoreError, ConfigError } from "../../errors.ts";
import { type Change, type Entry, MisfitError, type Written } from "./formats/format.ts";
import { FORMATS } from "./formats/index.ts";
import type { FileRecord, ToolRecord } from "./record.ts";
import { missingFolder, readTextFile, type TextFile } from "./text-file.ts";
import type { ToolFile } from "./tool.ts";

export type Action = "created" | "changed" | "removed" | "unchanged";

export interface FilePlan {
  file: TextFile;
  action: Action;
  /** What the file shall hold; undefined for a file that goes. */
  after: string | undefined;
  /** What is to be remembered; undefined where nothing of ours is left. */
  record: FileRecord | undefined;
  /** What was remembered. */
  earlier: FileRecord | undefined;
  secret: boolean;
  /** What stays because the user changed it. */
  kept: string[];
}

/** @throws ConfigError, with line and column, for a file that cannot take the change */
export function planConfigure(files: readonly ToolFile[], record: ToolRecord | undefined): FilePlan[] {
  const gone = (record?.files ?? []).filter(({ path }) => !files.some((file) => file.path === path));
  return [...files.map((file) => planFile(file, earlierOf(record, file.path))), ...gone.map(planUndo)];
}

/** @throws ConfigError as `planConfigure` does */
export function planUnconfigure(record: ToolRecord): FilePlan[] {
  return record.files.map(planUndo);
}

/** The change as a unified diff; empty where there is none. */
export function diffOf({ file, after, action }: FilePlan): string {
  if (action === "unchanged") return "";
  const [from, to] = [
    file.text === undefined ? "/dev/null" : file.path,
    after === undefined ? "/dev/null" : file.path,
  ];
  return createTwoFilesPatch(from, to, file.text ?? "", after ?? "", "", "", {
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}

function earlierOf(record: ToolRecord | undefined, path: string): FileRecord | undefined {
  return record?.files.find((file) => file.path === path);
}

function planFile(
  { path, format, entries, secret = false }: ToolFile,
  known: FileRecord | undefined,
): FilePlan {
  const file = readTextFile(path);
  const isNew = file.text === undefined;
  const earlier = isNew ? undefined : known;
  const result = written(file, format, entries, earlier?.changes ?? []);
  proveReversible(file, format, result, earlier?.changes ?? []);
  const folder = isNew ? missingFolder(file) : earlier?.folder;
  const mode = earlier?.mode ?? (secret ? file.mode : undefined);
  const record: FileRecord = {
    path,
    format,
    created: isNew || (earlier?.created ?? false),
    ...(folder !== undefined && { folder }),
    ...(mode !== undefined && { mode }),
    changes: result.changes,
  };
  return {
    file,
    action: result.text === (file.text ?? "") ? "unchanged" : isNew ? "created" : "changed",
    after: result.text,
    record: result.changes.length > 0 ? record : undefined,
    earlier,
    secret,
    kept: result.kept,
  };
}

function planUndo(earlier: FileRecord): FilePlan {
  const file = readTextFile(earlier.path);
  const common = { file, record: undefined, earlier, secret: false };
  if (file.text === undefined) return { ...common, action: "unchanged", after: undefined, kept: [] };
  const { text, kept } = written(file, earlier.format, [], earlier.changes);
  if (earlier.created && text.trim() === "") return { ...common, action: "removed", after: undefined, kept };
  return { ...common, action: text === file.text ? "unchanged" : "changed", after: text, kept };
}

function written(
  file: TextFile,
  format: FileRecord["format"],
  entries: readonly Entry[],
  earlier: Change[],
): Written {
  try {
    return FORMATS[format](file.text ?? "", entries, earlier);
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    throw new ConfigError(
      "tool_file_unfit",
      `${file.path} line ${error.line}, column ${error.column}: ${error.message}; nothing was changed.`,
      { hint: "Correct it there, then run the command again." },
    );
  }
}

/** Undoing must give back every byte. This is tried before anything is written, so that it holds for any file. */
function proveReversible(
  file: TextFile,
  format: FileRecord["format"],
  after: Written,
  earlier: Change[],
): void {
  const undone = FORMATS[format](after.text, [], after.changes).text;
  if (undone === FORMATS[format](file.text ?? "", [], earlier).text) return;
  throw new AicoreError(
    "not_reversible",
    `${file.path} cannot be changed so that it can be undone; nothing was changed.`,
    {
      hint: "Please report how the file is laid out.",
    },
  );
}
