import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSecret, removeSecret, saveSecret } from "../../src/config/secrets/index.ts";
import { deleteFromKeychain, readKeychain, writeKeychain } from "../../src/config/secrets/keychain.ts";
import { parseServiceKey } from "../../src/config/service-key.ts";
import { failureOf, serviceKey, x509Key } from "../config/home.ts";
import { LEFT_BEHIND, secretOptions, withKeychain } from "./situation.ts";

const bySecret = parseServiceKey(JSON.stringify(serviceKey())).credentials;
const byCertificate = parseServiceKey(JSON.stringify(x509Key())).credentials;

withKeychain("unlocked", () => {
  test.each([
    ["a secret", bySecret, false],
    ["a certificate, sealed in a file", byCertificate, true],
  ])("%s goes in, comes out, and is gone after removal", async (_name, credentials, sealed) => {
    const options = secretOptions();
    const folder = join(options.paths.state, "secrets");
    await saveSecret("trip", "keychain", credentials, options);
    expect(existsSync(folder) && readdirSync(folder).length === 1).toBe(sealed);
    expect(await loadSecret("trip", "keychain", credentials, options)).toEqual(credentials);
    await removeSecret("trip", "keychain", options);
    await removeSecret("trip", "keychain", options);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    expect(await failureOf(() => loadSecret("trip", "keychain", credentials, options))).toMatchObject({
      exitCode: 4,
      message: 'The secret of profile "trip" is no longer in the system keychain. Run `aicore login` again.',
    });
  });

  test("a certificate is replaced by a secret, and its file goes", async () => {
    const options = secretOptions();
    await saveSecret("replaced", "keychain", byCertificate, options);
    await saveSecret("replaced", "keychain", bySecret, options);
    expect(readdirSync(join(options.paths.state, "secrets"))).toEqual([]);
    expect(await loadSecret("replaced", "keychain", bySecret, options)).toEqual(bySecret);
    await removeSecret("replaced", "keychain", options);
  });

  test("any bytes come back as they were", async () => {
    const options = secretOptions();
    const bytes = Buffer.from([0, 10, 13, 127, 128, 255, ...Buffer.from("ä\u0000\n")]);
    await writeKeychain("bytes", bytes, options);
    expect(await readKeychain("bytes", options)).toEqual(bytes);
    await deleteFromKeychain("bytes", options);
    expect(await readKeychain("bytes", options)).toBeUndefined();
  });

  test("four processes that write at once leave one of the values", async () => {
    const options = secretOptions();
    const values = ["one", "two", "three", "four"].map((word) => Buffer.from(word.repeat(100)));
    await Promise.all(values.map((value) => writeKeychain("shared", value, options)));
    expect(values).toContainEqual(await readKeychain("shared", options));
    await deleteFromKeychain("shared", options);
  });

  test("nothing goes into the kernel's keyring, which a reboot empties", async () => {
    const options = secretOptions();
    await writeKeychain("kernel", Buffer.from("x"), options);
    expect(readFileSync("/proc/keys", "utf8")).not.toContain("aicore");
    await deleteFromKeychain("kernel", options);
  });

  test("an entry is left for locked.test.ts", async () => {
    await writeKeychain(LEFT_BEHIND, Buffer.from("x"), secretOptions());
  });
});
