import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from "../../src/config/private-file.ts";
import { failureOf, modeOf, temporaryFolder } from "./home.ts";

const posix = process.platform !== "win32";

describe("writing", () => {
  test("makes file and folders for this user only", () => {
    const path = join(temporaryFolder(), "a/b/file");
    writePrivateFile(path, "text");
    expect(readFileSync(path, "utf8")).toBe("text");
    if (posix) expect([modeOf(path), modeOf(dirname(path))]).toEqual(["0600", "0700"]);
  });

  test.runIf(posix)("closes a file and a folder that were open to others", () => {
    const path = join(temporaryFolder(), "open/file");
    mkdirSync(dirname(path));
    writeFileSync(path, "old");
    chmodSync(path, 0o666);
    chmodSync(dirname(path), 0o777);
    writePrivateFile(path, "new");
    expect([modeOf(path), modeOf(dirname(path)), readFileSync(path, "utf8")]).toEqual([
      "0600",
      "0700",
      "new",
    ]);
  });

  test.runIf(posix)("replaces a symbolic link and leaves its target alone", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "target"), "theirs");
    symlinkSync(join(folder, "target"), join(folder, "file"));
    writePrivateFile(join(folder, "file"), "ours");
    expect(readFileSync(join(folder, "target"), "utf8")).toBe("theirs");
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("ours");
  });

  test("leaves nothing behind when it fails, and names the path", async () => {
    const path = join(temporaryFolder(), "taken");
    mkdirSync(join(path, "inside"), { recursive: true });
    const failure = await failureOf(() => writePrivateFile(path, "x"));
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringContaining(path) });
    expect(readdirSync(dirname(path))).toEqual(["taken"]);
  });

  test("a file where a folder should be is named", async () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "");
    const failure = await failureOf(() => ensurePrivateFolder(join(path, "aicore")));
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringContaining(path) });
  });
});

describe("reading", () => {
  test("answers undefined where there is no file or no folder", () => {
    expect(readPrivateFile(join(temporaryFolder(), "none/file"))).toBeUndefined();
  });

  test("reads what was written", () => {
    const path = join(temporaryFolder(), "file");
    writePrivateFile(path, new Uint8Array([0, 255]));
    expect(readPrivateFile(path, { secret: true })).toEqual(Buffer.from([0, 255]));
  });

  test.runIf(posix).each<[string, (path: string) => void, number, RegExp]>([
    ["G5 a symbolic link", (path) => symlinkSync(`${path}.real`, path), 3, /is a symbolic link/],
    ["a folder", (path) => mkdirSync(path), 3, /is not a file/],
    [
      "G5 a file that others may write",
      (path) => fileWithMode(path, 0o666),
      3,
      /can be changed by others \(mode 0666\)/,
    ],
    ["T32 a folder that others may write", openFolder, 3, /can be changed by others \(mode 0770\)/],
  ])("%s is refused", async (_name, prepare, exitCode, message) => {
    const path = join(temporaryFolder(), "file");
    prepare(path);
    expect(await failureOf(() => readPrivateFile(path))).toMatchObject({
      exitCode,
      message: expect.stringMatching(message),
    });
  });

  test.runIf(posix && process.getuid?.() === 0)("G5 a file of another user is refused", async () => {
    const path = join(temporaryFolder(), "file");
    fileWithMode(path, 0o600);
    const { chownSync } = await import("node:fs");
    chownSync(path, 65_534, 65_534);
    expect(await failureOf(() => readPrivateFile(path))).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("another user"),
    });
  });

  test.runIf(posix)("K6 a secret that others can read is refused, another file is not", async () => {
    const path = join(temporaryFolder(), "credentials.json");
    fileWithMode(path, 0o644);
    expect(await failureOf(() => readPrivateFile(path, { secret: true }))).toMatchObject({
      exitCode: 4,
      message: `${path} is readable by others (mode 0644). Run: chmod 600 "${path}" — refusing to use it.`,
    });
    expect(readPrivateFile(path)?.toString()).toBe("x");
  });
});

function fileWithMode(path: string, mode: number): void {
  writeFileSync(path, "x");
  chmodSync(path, mode);
}

function openFolder(path: string): void {
  fileWithMode(path, 0o600);
  chmodSync(dirname(path), 0o770);
}
