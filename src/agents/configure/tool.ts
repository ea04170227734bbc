/** A program that reads its settings from files, or has them typed in: what has to stand where. */
import { posix, win32 } from "node:path";
import type { Entry } from "./formats/format.ts";
import type { FormatName } from "./formats/index.ts";
import { mainModel, type ToolModels } from "./models.ts";

export interface Tool {
  /** The word on the command line. */
  name: string;
  /** For people: "Claude Code". */
  title: string;
  setup: FileSetup | ManualSetup;
}

interface FileSetup {
  kind: "files";
  /** What must stand in which files. */
  files(door: Door, place: Place): Promise<ToolFile[]>;
  /** What is left to do, or good to know: a sentence each. */
  notes(door: Door, place: Place): string[];
}

/** Its settings are not in a file that could be written: fields and what to paste into them. */
export interface ManualSetup {
  kind: "by hand";
  /** Where the fields are found. */
  where: string;
  fields(door: Door): Promise<Field[]>;
  notes: string[];
}

export interface Field {
  field: string;
  value: string;
}

export interface ToolFile {
  path: string;
  format: FormatName;
  entries: Entry[];
  /** Holds the local key: closed to other users. */
  secret?: boolean;
}

/** The proxy that a tool is pointed at. */
export interface Door {
  /** Without a path or a slash at the end. */
  url: string;
  /** The local key. */
  key: string;
  /** The file in our state folder that holds it. */
  keyFile: string;
  models: ToolModels;
}

/** The user's machine. */
export interface Place {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** The home folder. */
  home: string;
  exists(path: string): boolean;
}

/** Joins in the way of the platform that is asked about, which a test may choose. */
export function pathIn({ platform }: Place, ...parts: string[]): string {
  return (platform === "win32" ? win32 : posix).join(...parts);
}

/**
 * A command that prints the local key, for programs that ask one: no copy of the key is made, and a new one holds at
 * once. On Windows `findstr .` prints the lines of a file from every shell.
 */
export function keyCommand(platform: NodeJS.Platform, keyFile: string): { command: string; args: string[] } {
  return platform === "win32"
    ? { command: "findstr", args: [".", keyFile] }
    : { command: "cat", args: [keyFile] };
}

/** What every form asks for. */
export async function mainFields({
  url,
  key,
  models,
}: Door): Promise<{ baseUrl: string; key: string; model: string }> {
  return { baseUrl: `${url}/v1`, key, model: (await mainModel(models)) ?? "sonnet" };
}
