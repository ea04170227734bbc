/**
 * Settings files of other programs: read whole, replaced in one step. A symbolic link is followed and stays a link
 * (dotfiles often lie in a repository); mode, byte order mark and every byte that is not ours stay.
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AicoreError, ConfigError } from "../../errors.ts";

export interface TextFile {
  /** As the tool names it. */
  path: string;
  /** Where the file really is. */
  target: string;
  /** Without byte order mark; undefined where there is no file. */
  text: string | undefined;
  /** The byte order mark, or nothing. */
  mark: string;
  mode: number | undefined;
}

const MARK = "\ufeff";
const OTHERS = 0o077;
const HAS_MODES = process.platform !== "win32";
const MOST_LINKS = 40;

/** @throws ConfigError for what is no file, belongs to somebody else, or is not UTF-8 */
export function readTextFile(path: string): TextFile {
  const target = targetOf(path);
  const stats = statOf(target);
  if (!stats) return { path, target, text: undefined, mark: "", mode: undefined };
  if (!stats.isFile()) throw refusal(path, "is not a file");
  if (HAS_MODES && stats.uid !== process.getuid?.()) throw refusal(path, "belongs to another user");
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(target));
    const mark = text.startsWith(MARK) ? MARK : "";
    return { path, target, text: text.slice(mark.length), mark, mode: stats.mode & 0o777 };
  } catch (error) {
    throw error instanceof TypeError ? refusal(path, "is not UTF-8 text") : cannot("read", path, error);
  }
}

export interface WriteOptions {
  /** Holds a secret: closed to other users. */
  secret?: boolean;
  /** The mode to give back to a file that was closed. */
  mode?: number;
}

/** Replaces the file, or makes it (0600) with the folders it needs. */
export function writeTextFile(file: TextFile, text: string, options: WriteOptions = {}): void {
  const { path, target, mark } = file;
  const kept = options.mode ?? file.mode ?? 0o600;
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, mark + text, { mode: 0o600, flag: "wx", flush: true });
      if (HAS_MODES) chmodSync(draft, options.secret ? kept & ~OTHERS : kept);
      renameSync(draft, target);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    throw cannot("write", path, error);
  }
}

/** The outermost folder that has to be made for a file; undefined where its folder is there. */
export function missingFolder({ target }: TextFile): string | undefined {
  let missing: string | undefined;
  for (let at = dirname(target); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing = at;
  return missing;
}

/** Removes a file that we made, and the folders that we made for it where nothing else is in them. */
export function removeTextFile({ path, target }: TextFile, folder: string | undefined): void {
  try {
    rmSync(target, { force: true });
    if (folder === undefined) return;
    for (let at = dirname(target); at.startsWith(folder); at = dirname(at)) {
      if (readdirSync(at).length > 0) return;
      rmdirSync(at);
    }
  } catch (error) {
    throw cannot("remove", path, error);
  }
}

/** Follows links by hand: the last one may lead to a file that is not there yet. */
function targetOf(path: string): string {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return at;
    at = resolve(dirname(at), readlinkSync(at));
  }
  throw refusal(path, "is a symbolic link that leads to itself");
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw cannot("read", path, error);
  }
}

function refusal(path: string, what: string): ConfigError {
  return new ConfigError("tool_file_unfit", `${path} ${what}; nothing was changed.`, {
    hint: "Move it away, or enter the values by hand: --dry-run shows them once it can be read.",
  });
}

function cannot(what: string, path: string, error: unknown): AicoreError {
  if (error instanceof AicoreError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new ConfigError("tool_file_inaccessible", `Cannot ${what} ${path} (${code}).`, {
    hint: "Check the permissions of the file and of the folder it is in.",
    cause: error,
  });
}
