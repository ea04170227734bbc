import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  discardEnvelope,
  KEYCHAIN_LIMIT,
  putIntoEnvelope,
  removeEnvelopes,
  takeFromEnvelope,
} from "../../../src/config/secrets/envelope.ts";
import { failureOf, modeOf, temporaryFolder } from "../home.ts";

const secretOf = (length: number) => Buffer.alloc(length, "canary ");
const filesIn = (state: string) => readdirSync(join(state, "secrets")).sort();

describe.each([
  [KEYCHAIN_LIMIT, false],
  [KEYCHAIN_LIMIT + 1, true],
  [8_192, true],
])("a secret of %i bytes", (length, sealed) => {
  test(`goes ${sealed ? "into a file, its key" : "itself"} into the keychain, and comes back`, () => {
    const state = temporaryFolder();
    const stored = putIntoEnvelope(state, "one", secretOf(length));
    expect(stored.length).toBe(sealed ? 32 : length);
    expect(readdirSync(state)).toEqual(sealed ? ["secrets"] : []);
    expect(takeFromEnvelope(state, "one", stored)).toEqual(secretOf(length));
  });
});

test("the file is private and shows nothing", () => {
  const state = temporaryFolder();
  putIntoEnvelope(state, "one", secretOf(3_000));
  const path = join(state, "secrets", filesIn(state)[0] ?? "");
  expect(readFileSync(path, "latin1")).not.toContain("canary");
  if (process.platform !== "win32")
    expect([modeOf(path), modeOf(join(state, "secrets"))]).toEqual(["0600", "0700"]);
});

test("the old envelope opens until it is removed", () => {
  const state = temporaryFolder();
  const old = putIntoEnvelope(state, "one", secretOf(3_000));
  const other = putIntoEnvelope(state, "one-0123456789abcdef", secretOf(4_000));
  const next = putIntoEnvelope(state, "one", secretOf(5_000));
  expect(takeFromEnvelope(state, "one", old)).toHaveLength(3_000);
  removeEnvelopes(state, "one", next);
  expect(() => takeFromEnvelope(state, "one", old)).toThrow(/is missing/);
  expect(takeFromEnvelope(state, "one", next)).toHaveLength(5_000);
  discardEnvelope(state, "one", next);
  expect(filesIn(state)).toHaveLength(1);
  expect(takeFromEnvelope(state, "one-0123456789abcdef", other)).toHaveLength(4_000);
  removeEnvelopes(state, "one-0123456789abcdef");
  expect(filesIn(state)).toEqual([]);
});

test.each<[what: string, tamper: (path: string) => void]>([
  [
    "one bit",
    (path) =>
      writeFileSync(
        path,
        readFileSync(path).map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
      ),
  ],
  ["its end", (path) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
  ["everything", (path) => writeFileSync(path, "")],
])("a file that lost %s does not open: exit code 4", async (_what, tamper) => {
  const state = temporaryFolder();
  const stored = putIntoEnvelope(state, "one", secretOf(3_000));
  tamper(join(state, "secrets", filesIn(state)[0] ?? ""));
  expect(await failureOf(() => takeFromEnvelope(state, "one", stored))).toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("is damaged"),
  });
});
