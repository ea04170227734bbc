import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { AicoreError, ConfigError, CredentialsError } from "../errors.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** Windows has neither modes nor owners that Node shows; a user's profile is private there by its ACL. */
const HAS_MODES = process.platform !== "win32";

/**
 * Replaces a file so that nobody else can read it and nobody ever sees half of it: a new file beside it, flushed,
 * renamed over it. A mode given to `open` does not change the mode of a file that exists, hence new file and chmod.
 * The folder it is in has to be one of ours: it is closed to others too.
 * @throws ConfigError naming the path when it cannot be written.
 */
export function writePrivateFile(path: string, data: string | Uint8Array): void {
  ensurePrivateFolder(dirname(path));
  const draft = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}`);
  try {
    const file = openSync(draft, "wx", FILE_MODE);
    try {
      writeFileSync(file, data);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    makePrivate(draft);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw cannot("write", path, error);
  }
}

/** Takes from everybody else what an existing file or a generous umask gave them. */
export function makePrivate(path: string): void {
  if (HAS_MODES) chmodSync(path, FILE_MODE);
}

/** Makes a folder with its parents, for this user only; one that exists is closed to others. */
export function ensurePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
    if (HAS_MODES) chmodSync(path, FOLDER_MODE);
  } catch (error) {
    throw cannot("write to", path, error);
  }
}

export function removePrivateFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw cannot("remove", path, error);
  }
}

export interface ReadOptions {
  /** The file holds a secret: refused when others can read it. */
  secret?: boolean;
}

/**
 * Reads a file of ours, or answers undefined where there is none. What others could have put there is not believed:
 * a symbolic link, another owner, a file or folder that group or world may write to.
 * @throws ConfigError for such a file; CredentialsError for a secret that others can read.
 */
export function readPrivateFile(path: string, options: ReadOptions = {}): Buffer | undefined {
  const file = openOwn(path);
  if (file === undefined) return undefined;
  try {
    if (HAS_MODES) {
      checkOwnership(dirname(path), statSync(dirname(path)));
      const stats = fstatSync(file);
      if (options.secret) checkUnreadable(path, stats);
      checkOwnership(path, stats);
    }
    return readFileSync(file);
  } catch (error) {
    throw cannot("read", path, error);
  } finally {
    closeSync(file);
  }
}

function openOwn(path: string): number | undefined {
  try {
    const stats = lstatSync(path);
    if (stats.isSymbolicLink())
      throw unsafe(path, "is a symbolic link", "Replace the link by a file of your own.");
    if (!stats.isFile()) throw unsafe(path, "is not a file", "Move it away.");
    return openSync(path, constants.O_RDONLY | (HAS_MODES ? constants.O_NOFOLLOW : 0));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw cannot("read", path, error);
  }
}

function checkOwnership(path: string, stats: Stats): void {
  if (stats.uid !== process.getuid?.())
    throw unsafe(path, "belongs to another user", `Run: chown "$USER" "${path}"`);
  if (stats.mode & OTHERS_WRITE) {
    const wanted = stats.isDirectory() ? "700" : "600";
    throw unsafe(path, `can be changed by others (mode ${modeOf(stats)})`, `Run: chmod ${wanted} "${path}"`);
  }
}

function checkUnreadable(path: string, stats: Stats): void {
  if (!(stats.mode & OTHERS)) return;
  throw new CredentialsError(
    "credentials_readable",
    `${path} is readable by others (mode ${modeOf(stats)}). Run: chmod 600 "${path}" — refusing to use it.`,
  );
}

function modeOf(stats: Stats): string {
  return (stats.mode & 0o777).toString(8).padStart(4, "0");
}

function unsafe(path: string, what: string, hint: string): ConfigError {
  return new ConfigError("file_unsafe", `${path} ${what}; refusing to use it.`, { hint });
}

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a file stands where a folder should be",
  EISDIR: "it is a folder",
  ENOENT: "not found",
};

/** The system's error in words that name the path; an error of our own passes. */
function cannot(what: string, path: string, error: unknown): AicoreError {
  if (error instanceof AicoreError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new ConfigError("file_inaccessible", `Cannot ${what} ${path}: ${REASONS[code] ?? code}.`, {
    hint: "Set AICORE_CLI_HOME to a folder that aicore may use, or make this one writable.",
    cause: error,
  });
}
