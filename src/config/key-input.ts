import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CredentialsError } from "../errors.ts";
import { decodeKey } from "./key/decode.ts";

/** A service key as it was found, for `parseServiceKey`. */
export interface KeyText {
  text: string;
  warnings: string[];
}

/** A key with a certificate chain takes 8 kB. */
const LIMIT = 64 * 1024;
const FILE_TIMEOUT = 10_000;
/** Longer: a password manager may be asking for a finger at the other end of the pipe. */
const STREAM_TIMEOUT = 60_000;
const POLL = 20;
const READABLE_BY_OTHERS = 0o044;

/**
 * Reads a service key from a path, which may be a pipe such as bash's `<(op read …)`.
 * @throws CredentialsError when it cannot be read, is too big or does not end
 */
export async function readKeyFile(path: string, options: { timeout?: number } = {}): Promise<KeyText> {
  const file = await openWithoutWaiting(path);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw unreadable(path, "is a directory");
    const bytes = await readCapped(file, path, Date.now() + (options.timeout ?? FILE_TIMEOUT));
    const exposed = process.platform !== "win32" && stats.isFile() && (stats.mode & READABLE_BY_OTHERS) !== 0;
    return {
      text: decodeKey(bytes, path),
      warnings: exposed ? [`${basename(path)} is readable by others; delete it after login`] : [],
    };
  } finally {
    await file.close();
  }
}

/** Reads a service key from standard input to its end. */
export async function readKeyStream(
  stdin: NodeJS.ReadableStream,
  options: { timeout?: number } = {},
): Promise<KeyText> {
  const name = "The key on standard input";
  const chunks: Buffer[] = [];
  let length = 0;
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => fail(endless(name)), options.timeout ?? STREAM_TIMEOUT);
    const take = (chunk: Buffer | string) => {
      const piece = Buffer.from(chunk as Buffer);
      chunks.push(piece);
      length += piece.length;
      if (length > LIMIT) fail(tooLarge(name));
    };
    const end = () => settle(() => resolve(Buffer.concat(chunks)));
    const fail = (error: Error) => settle(() => reject(error));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      stdin.off("data", take).off("end", end).off("error", fail);
      stdin.pause();
      finish();
    };
    stdin.on("data", take).on("end", end).on("error", fail);
  });
  return { text: decodeKey(bytes, name), warnings: [] };
}

/** Opening a FIFO that nobody writes to would wait for ever, and hold a thread that cannot be stopped. */
async function openWithoutWaiting(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw unreadable(path, REASONS[codeOf(error)] ?? codeOf(error), error);
  }
}

async function readCapped(file: FileHandle, path: string, deadline: number): Promise<Buffer> {
  const buffer = Buffer.alloc(LIMIT + 1);
  let length = 0;
  while (length <= LIMIT) {
    try {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") throw unreadable(path, codeOf(error), error);
      if (Date.now() > deadline) throw endless(path);
      await sleep(POLL);
    }
  }
  throw tooLarge(path);
}

const REASONS: Record<string, string> = {
  ENOENT: "not found",
  ENOTDIR: "not found",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "is a directory",
};

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

function unreadable(path: string, reason: string, cause?: unknown): CredentialsError {
  return new CredentialsError("key_unreadable", `Cannot read ${path}: ${reason}`, { cause });
}

function tooLarge(name: string): CredentialsError {
  return new CredentialsError("key_too_large", `${name} is larger than 64 kB: that is not a service key.`);
}

function endless(name: string): CredentialsError {
  return new CredentialsError("key_timeout", `${name} did not end in time.`);
}
