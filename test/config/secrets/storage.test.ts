import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  loadSecret,
  plainFilePath,
  plainFileWarning,
  removeSecret,
  type SecretOptions,
  saveSecret,
} from "../../../src/config/secrets/index.ts";
import { parseServiceKey } from "../../../src/config/service-key.ts";
import { failureOf, modeOf, newUser, SECRET, serviceKey, x509Key } from "../home.ts";

const posix = process.platform !== "win32";
const { credentials } = parseServiceKey(JSON.stringify(serviceKey()));
const byCertificate = parseServiceKey(JSON.stringify(x509Key())).credentials;

function optionsOf(user: ReturnType<typeof newUser>, passphrase = "correct horse"): SecretOptions {
  return { env: user.env, paths: user.paths, interactive: false, askPassphrase: async () => passphrase };
}

/** An entry of the encrypted file. */
interface Entry {
  box: string;
  header: Record<string, unknown>;
}

describe.each(["plain", "file"] as const)("storage %s", (kind) => {
  test("gives back what it was given, by profile, until it is removed", async () => {
    const user = newUser();
    const options = optionsOf(user);
    await saveSecret("one", kind, credentials, options);
    await saveSecret("two", kind, byCertificate, options);
    expect(await loadSecret("one", kind, credentials, options)).toEqual(credentials);
    await removeSecret("one", kind, options);
    expect(await failureOf(() => loadSecret("one", kind, credentials, options))).toMatchObject({
      exitCode: 4,
    });
    expect(await loadSecret("two", kind, byCertificate, options)).toEqual({ ...byCertificate });
    await removeSecret("two", kind, options);
    await removeSecret("two", kind, options);
    expect(readdirSync(user.paths.config)).toEqual([]);
  });

  test.runIf(posix)("keeps its file to this user, whatever stood there", async () => {
    const user = newUser();
    await saveSecret("one", kind, credentials, optionsOf(user));
    const [name = ""] = readdirSync(user.paths.config);
    const path = join(user.paths.config, name);
    expect(modeOf(path)).toBe("0600");
    chmodSync(path, 0o644);
    expect(await failureOf(() => loadSecret("one", kind, credentials, optionsOf(user)))).toMatchObject({
      exitCode: 4,
      message: `${path} is readable by others (mode 0644). Run: chmod 600 "${path}" — refusing to use it.`,
    });
  });

  test("a file that is none of ours is told, and stays", async () => {
    const user = newUser();
    const path = join(user.paths.config, kind === "plain" ? "credentials.json" : "credentials.enc.json");
    writeFileSync(path, "{", { mode: 0o600 });
    expect(await failureOf(() => saveSecret("one", kind, credentials, optionsOf(user)))).toMatchObject({
      exitCode: 4,
    });
    expect(readFileSync(path, "utf8")).toBe("{");
  });
});

test("K5 the warning about the plain file names it", () => {
  const { paths } = newUser();
  expect(plainFileWarning(paths)).toBe(
    `credentials are saved UNENCRYPTED in ${plainFilePath(paths)} (mode 0600). Anyone who can read your files or ` +
      "backups can use them. Remove with `aicore logout`.",
  );
});

describe("the encrypted file", () => {
  test("holds no readable secret", async () => {
    const user = newUser();
    await saveSecret("one", "file", credentials, optionsOf(user));
    const text = readFileSync(join(user.paths.config, "credentials.enc.json"), "utf8");
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(Buffer.from(SECRET).toString("base64").slice(0, 16));
  });

  test("K7 another passphrase does not open it", async () => {
    const user = newUser();
    await saveSecret("one", "file", credentials, optionsOf(user));
    expect(
      await failureOf(() => loadSecret("one", "file", credentials, optionsOf(user, "wrong"))),
    ).toMatchObject({
      exitCode: 4,
      message: "Wrong passphrase for the credential file (or the file is damaged).",
    });
  });

  const box = (at: number) => (entry: Entry) => ({ ...entry, box: flipped(entry.box, at) });
  const header = (changes: Record<string, unknown>) => (entry: Entry) => ({
    ...entry,
    header: { ...entry.header, ...changes },
  });

  test.each<[what: string, tamper: (entry: Entry) => Entry]>([
    ["a byte of the box", box(40)],
    ["a byte of the nonce", box(0)],
    ["the salt", header({ salt: Buffer.alloc(16).toString("base64") })],
    ["the cost", header({ n: 2 })],
    ["a field added to the header", header({ extra: 1 })],
    ["the profile", header({ profile: "two" })],
  ])("K7 tampered: %s", async (_what, tamper) => {
    const user = newUser();
    await saveSecret("one", "file", credentials, optionsOf(user));
    const path = join(user.paths.config, "credentials.enc.json");
    const document = JSON.parse(readFileSync(path, "utf8"));
    document.profiles.one = tamper(document.profiles.one);
    writeFileSync(path, JSON.stringify(document));
    expect(await failureOf(() => loadSecret("one", "file", credentials, optionsOf(user)))).toMatchObject({
      exitCode: 4,
      message: "Wrong passphrase for the credential file (or the file is damaged).",
    });
  });

  test("the passphrase comes from AICORE_PASSPHRASE_FILE without a question", async () => {
    const user = newUser();
    const path = join(user.home, "passphrase");
    writeFileSync(path, "from the file\n");
    const options = {
      ...optionsOf(user),
      env: { ...user.env, AICORE_PASSPHRASE_FILE: path },
      askPassphrase: undefined,
    };
    await saveSecret("one", "file", credentials, options);
    expect(await loadSecret("one", "file", credentials, optionsOf(user, "from the file"))).toEqual(
      credentials,
    );
  });

  test.each<[what: string, variables: NodeJS.ProcessEnv, askPassphrase: undefined | (() => Promise<string>)]>(
    [
      ["nobody to ask", {}, undefined],
      ["an empty answer", {}, async () => ""],
      ["a file that is not there", { AICORE_PASSPHRASE_FILE: "/nowhere/passphrase" }, undefined],
    ],
  )("%s: exit code 4, nothing saved", async (_what, variables, askPassphrase) => {
    const user = newUser(variables);
    const options = { ...optionsOf(user), askPassphrase };
    expect(await failureOf(() => saveSecret("one", "file", credentials, options))).toMatchObject({
      exitCode: 4,
    });
    expect(existsSync(join(user.paths.config, "credentials.enc.json"))).toBe(false);
  });
});

function flipped(base64: string, at: number): string {
  const bytes = Buffer.from(base64, "base64");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString("base64");
}
