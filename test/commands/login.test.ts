import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { MODELS, ROWS } from "../support/default-tenant.ts";
import { newWorld, type World } from "./world.ts";

const settingsOf = (world: World) => join(world.home, "config", "config.json");
const PLAIN = "--insecure-storage";

describe("login", () => {
  test("proves the key, stores it, and says what was found", async () => {
    const world = await newWorld();
    const ran = await world.run(`login ${world.keyFile} ${PLAIN}`);
    expect(ran.stdout).toMatch(
      /^Logged in: profile "default", client sb-…0000!b1234, secret in the plain file\./,
    );
    expect(ran.stdout).toContain(
      `resource group default: ${ROWS.length} deployments, ${MODELS.length} models.`,
    );
    expect(ran.stderr).toMatch(
      /Warning: credentials are saved UNENCRYPTED in .*credentials\.json \(mode 0600\)/,
    );
    expect(ran.code).toBe(0);
    expect(statSync(settingsOf(world)).mode & 0o777).toBe(0o600);
    expect(readFileSync(settingsOf(world), "utf8")).not.toContain(
      String(world.sandbox.serviceKey.clientsecret),
    );
  });

  test("prints one document with --json, and no warning", async () => {
    const world = await newWorld();
    const { code, stdout, stderr } = await world.run(`login ${world.keyFile} ${PLAIN} --json`);
    expect(JSON.parse(stdout)).toEqual({
      profile: "default",
      credentials: { source: "plain file", client_id: "sb-…0000!b1234" },
      api_url: world.sandbox.url,
      resource_group: "default",
      token: { expires_at: expect.stringMatching(/^2\d{3}-.*Z$/) },
      models: MODELS.length,
      deployments: ROWS.length,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("reads standard input, a byte order mark and the wrapper of the cockpit included", async () => {
    const world = await newWorld();
    const stdin = `\ufeff${JSON.stringify({ credentials: world.sandbox.serviceKey })}`;
    expect(await world.run(`login - ${PLAIN}`, { stdin })).toMatchObject({ code: 0 });
  });

  test("takes the environment's credentials with --from-env", async () => {
    const world = await newWorld();
    const env = {
      AICORE_SERVICE_KEY: JSON.stringify(world.sandbox.serviceKey),
      AICORE_RESOURCE_GROUP: "team-blue",
    };
    const { stdout } = await world.run(`--profile blue login --from-env ${PLAIN}`, { env });
    expect(stdout).toContain("resource group team-blue: 2 deployments, 2 models.");
    expect((await world.run("status --json")).stdout).toContain('"profile": "blue"');
  });

  test("keeps the secret under a passphrase with --storage file", async () => {
    const world = await newWorld();
    const passphrase = join(world.home, "passphrase");
    writeFileSync(passphrase, "correct horse\n");
    const env = { AICORE_PASSPHRASE_FILE: passphrase };
    expect(await world.run(`login ${world.keyFile} --storage file`, { env })).toMatchObject({ code: 0 });
    expect((await world.run("status", { env })).stdout).toContain("encrypted file");
  });

  test("does not try the key with --no-verify", async () => {
    const world = await newWorld();
    const { code, stdout } = await world.run(`login ${world.keyFile} ${PLAIN} --no-verify --json`);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      models: null,
      token: { expires_at: null },
    });
    expect(world.sandbox.requests).toEqual([]);
  });

  test("says who else can read the key file", async () => {
    const world = await newWorld();
    chmodSync(world.keyFile, 0o644);
    const { stderr } = await world.run(`login ${world.keyFile} ${PLAIN}`);
    expect(stderr).toContain("Warning: key.json is readable by others; delete it after login");
  });

  test("a wrong secret is refused and nothing is saved", async () => {
    const world = await newWorld();
    writeFileSync(world.keyFile, JSON.stringify({ ...world.sandbox.serviceKey, clientsecret: "wrong" }));
    const { code, stderr } = await world.run(`login ${world.keyFile} ${PLAIN}`);
    expect(stderr).toMatch(/^Error: SAP rejected these credentials \(.*\)\.\nNothing was saved\./);
    expect({ code, saved: existsSync(settingsOf(world)) }).toEqual({ code: 4, saved: false });
  });

  test("an unknown resource group is refused and nothing is saved", async () => {
    const world = await newWorld();
    const { code, stderr } = await world.run(`login ${world.keyFile} ${PLAIN} --resource-group nope`);
    expect(stderr).toContain("RBAC: access denied");
    expect({ code, saved: existsSync(settingsOf(world)) }).toEqual({ code: 5, saved: false });
  });

  test("without a keychain nothing is saved and the choices are shown", async () => {
    const world = await newWorld();
    const { code, stderr } = await world.run(`login ${world.keyFile}`);
    expect(stderr).toMatch(
      /^Error: No system keychain is available[\s\S]*--storage file[\s\S]*--insecure-storage/,
    );
    expect({ code, saved: existsSync(settingsOf(world)) }).toEqual({ code: 7, saved: false });
  });

  interface Fault {
    name: string;
    file: string;
    text?: string;
    says: RegExp;
  }
  test.each<Fault>([
    { name: "KF1 missing", file: "none.json", says: /^Error: Cannot read .*none\.json: not found/ },
    { name: "KF1 a folder", file: ".", says: /is a directory/ },
    { name: "KF2 empty", file: "k.json", text: "", says: /^Error: .*empty|^Error: .*not (valid )?JSON/i },
    { name: "KF2 not JSON", file: "k.json", text: '{"clientid": s3cr3t}', says: /line 1, column/ },
    { name: "KF4 incomplete", file: "k.json", text: "{}", says: /^Error: Service key is missing: clientid/ },
    {
      name: "KF7 another host",
      file: "k.json",
      text: '{"clientid":"a","clientsecret":"b","url":"https://evil.example","serviceurls":{"AI_API_URL":"https://evil.example"}}',
      says: /evil\.example/,
    },
  ])("$name", async ({ file, text, says }) => {
    const world = await newWorld();
    if (text !== undefined) writeFileSync(join(world.home, file), text);
    const { code, stderr, stdout } = await world.run(`login ${join(world.home, file)} ${PLAIN}`);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("s3cr3t");
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  });
});

describe("a profile that exists", () => {
  test("is replaced by a key of the same client, and by another one only with --force", async () => {
    const world = await newWorld();
    const other = await startSandbox({ clientId: "sb-ffff-other-client-9999!b77|aicore!b540" });
    const otherKey = join(world.home, "other.json");
    writeFileSync(otherKey, JSON.stringify(other.serviceKey), { mode: 0o600 });
    await world.run(`login ${world.keyFile} ${PLAIN}`);
    expect(await world.run(`login ${world.keyFile} ${PLAIN}`)).toMatchObject({ code: 0 });

    const refused = await world.run(`login ${otherKey} ${PLAIN}`);
    expect(refused.stderr).toMatch(/^Error: Profile "default" belongs to another client .*\n.*--force/);
    expect(refused.code).toBe(2);
    expect(await world.run(`login ${otherKey} ${PLAIN} --force`)).toMatchObject({ code: 0 });
    expect((await world.run("status --json")).stdout).toContain(other.url);
    await other.close();
  });
});

describe("logout", () => {
  test("forgets profile and secret", async () => {
    const world = await newWorld();
    await world.run(`login ${world.keyFile} ${PLAIN}`);
    expect(await world.run("logout")).toMatchObject({ code: 0, stdout: "Forgotten: default.\n" });
    const stored = join(world.home, "config", "credentials.json");
    expect(existsSync(stored) ? readFileSync(stored, "utf8") : "").not.toContain("sandbox-secret");
    expect(await world.run("status")).toMatchObject({ code: 4 });
    expect(await world.run("logout")).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("not logged in"),
    });
  });

  test("--all forgets every profile", async () => {
    const world = await newWorld();
    for (const name of ["one", "two"]) await world.run(`--profile ${name} login ${world.keyFile} ${PLAIN}`);
    const { stdout } = await world.run("logout --all --json");
    expect(JSON.parse(stdout)).toEqual({ removed: ["one", "two"] });
  });
});
