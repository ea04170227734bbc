import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import { pathsFor } from "../../src/config/paths.ts";
import type { SecretOptions } from "../../src/config/secrets/index.ts";

/** Tests for a keychain in a certain state, which only `run.sh` can make. */
export function withKeychain(state: "unlocked" | "locked" | "none", tests: () => void): void {
  const ready = process.env.AICORE_TEST_KEYCHAIN === state;
  const reason = ready ? "" : " (skipped: needs gnome-keyring, started by test/keychain/run.sh)";
  describe.skipIf(!ready)(`a real keychain, ${state}${reason}`, tests);
}

/** The account of an entry that the keychain has when it is locked: asking for one that it has not needs no unlocking. */
export const LEFT_BEHIND = "left-behind";

export function secretOptions(env: NodeJS.ProcessEnv = process.env): SecretOptions {
  const home = mkdtempSync(join(tmpdir(), "aicore-keychain-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return { env, paths: pathsFor({ AICORE_CLI_HOME: home }), interactive: false };
}
