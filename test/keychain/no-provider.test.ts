import { expect, test } from "vitest";
import { readKeychain } from "../../src/config/secrets/keychain.ts";
import { failureOf } from "../config/home.ts";
import { secretOptions, withKeychain } from "./situation.ts";

withKeychain("none", () => {
  test("K1 a bus without a keychain", async () => {
    expect(await failureOf(() => readKeychain("default", secretOptions()))).toMatchObject({
      exitCode: 7,
      code: "keychain_absent",
    });
  });
});
