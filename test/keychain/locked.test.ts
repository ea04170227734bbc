import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { saveSecret } from "../../src/config/secrets/index.ts";
import { readKeychain } from "../../src/config/secrets/keychain.ts";
import { parseServiceKey } from "../../src/config/service-key.ts";
import { failureOf, serviceKey, x509Key } from "../config/home.ts";
import { LEFT_BEHIND, secretOptions, withKeychain } from "./situation.ts";

withKeychain("locked", () => {
  test("K2 reading is refused: a locked keychain is not an empty one", async () => {
    expect(await failureOf(() => readKeychain(LEFT_BEHIND, secretOptions()))).toMatchObject({
      exitCode: 7,
      code: "keychain_locked",
    });
  });

  test.each([serviceKey(), x509Key()])("K2 saving is refused, and leaves nothing behind", async (key) => {
    const options = secretOptions();
    const { credentials } = parseServiceKey(JSON.stringify(key));
    expect(await failureOf(() => saveSecret("default", "keychain", credentials, options))).toMatchObject({
      exitCode: 7,
      code: "keychain_locked",
    });
    const folder = join(options.paths.state, "secrets");
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    expect(existsSync(options.paths.config)).toBe(false);
  });
});
