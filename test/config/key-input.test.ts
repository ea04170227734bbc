import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { readKeyFile, readKeyStream } from "../../src/config/key-input.ts";
import { failureOf, temporaryFolder } from "./home.ts";

const posix = process.platform !== "win32";
const KEY = '{"clientid":"ä"}';

function keyFile(content: string | Buffer, mode = 0o600): string {
  const path = join(temporaryFolder(), "key.json");
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe("a file", () => {
  test("is read as UTF-8, with or without a mark", async () => {
    expect(await readKeyFile(keyFile(KEY))).toEqual({ text: KEY, warnings: [] });
    expect(await readKeyFile(keyFile(`\ufeff${KEY}`))).toEqual({ text: KEY, warnings: [] });
  });

  test.runIf(posix)("KF10 that others can read is read, with a warning", async () => {
    const path = keyFile(KEY, 0o644);
    expect(await readKeyFile(path)).toEqual({
      text: KEY,
      warnings: ["key.json is readable by others; delete it after login"],
    });
    expect(basename(path)).toBe("key.json");
  });

  test.each<[string, () => string, RegExp]>([
    ["KF1 missing", () => join(temporaryFolder(), "key.json"), /^Cannot read .*key\.json: not found$/],
    ["KF1 a folder", () => temporaryFolder(), /^Cannot read .*: is a directory$/],
    [
      "KF2 UTF-16 with a mark",
      () => keyFile(Buffer.from(`\ufeff${KEY}`, "utf16le")),
      /is saved as UTF-16, save as UTF-8/,
    ],
    [
      "KF2 UTF-16 without one",
      () => keyFile(Buffer.from(KEY, "utf16le")),
      /is saved as UTF-16, save as UTF-8/,
    ],
    ["KF2 Latin-1", () => keyFile(Buffer.from(KEY, "latin1")), /is not UTF-8/],
    ["KF9 over 64 kB", () => keyFile(Buffer.alloc(65_537, 32)), /is larger than 64 kB/],
  ])("%s: exit code 4", async (_name, path, message) => {
    const failure = await failureOf(() => readKeyFile(path()));
    expect(failure).toMatchObject({ exitCode: 4, message: expect.stringMatching(message) });
  });

  test("of 64 kB is read", async () => {
    const { text } = await readKeyFile(keyFile(Buffer.alloc(65_536, 32)));
    expect(text).toHaveLength(65_536);
  });

  test.runIf(posix)("KF9 /dev/zero does not hang", async () => {
    expect(await failureOf(() => readKeyFile("/dev/zero"))).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("64 kB"),
    });
  });

  test.runIf(posix)("KF9 a FIFO that nobody writes to does not hang", async () => {
    const path = join(temporaryFolder(), "fifo");
    spawnSync("mkfifo", [path]);
    expect(await readKeyFile(path)).toEqual({ text: "", warnings: [] });
  });

  test.runIf(posix)("KF9 a FIFO with a silent writer ends", async () => {
    const path = join(temporaryFolder(), "fifo");
    spawnSync("mkfifo", [path]);
    const { open } = await import("node:fs/promises");
    const writer = await open(path, "r+");
    const failure = await failureOf(() => readKeyFile(path, { timeout: 50 }));
    expect(failure).toMatchObject({ exitCode: 4, message: expect.stringContaining("did not end") });
    await writer.close();
  });
});

describe("standard input", () => {
  test("is read to its end, whatever the chunks", async () => {
    const bytes = [...Buffer.from(KEY)].map((byte) => Buffer.from([byte]));
    expect(await readKeyStream(Readable.from(bytes))).toEqual({ text: KEY, warnings: [] });
  });

  test("KF9 is cut at 64 kB", async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1_024, 32);
      })(),
    );
    expect(await failureOf(() => readKeyStream(endless))).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("larger than 64 kB"),
    });
    endless.destroy();
  });

  test("KF9 that never ends is given up", async () => {
    const failure = await failureOf(() => readKeyStream(new PassThrough(), { timeout: 10 }));
    expect(failure).toMatchObject({ exitCode: 4, message: expect.stringContaining("did not end in time") });
  });
});
