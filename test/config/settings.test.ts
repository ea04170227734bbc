import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../src/config/settings.ts";
import { failureOf, modeOf, newUser } from "./home.ts";
import { PROFILE } from "./profile.ts";

const posix = process.platform !== "win32";

function userWith(config: unknown, variables: NodeJS.ProcessEnv = {}) {
  const user = newUser(variables);
  writeFileSync(user.configPath, typeof config === "string" ? config : JSON.stringify(config), {
    mode: 0o600,
  });
  return user;
}

describe("reading", () => {
  test("a number may have a fraction", async () => {
    const { env } = newUser();
    await loadSettings(env).set("cost.price", "1.04");
    expect(loadSettings(env).get("cost.price")).toMatchObject({ value: 1.04, origin: "config.json" });
  });

  test("without a file there are defaults, and no file is made", () => {
    const { env, configPath } = newUser();
    const settings = loadSettings(env);
    expect(settings.list()).toEqual([
      { name: "server.port", value: 6655, origin: "default" },
      { name: "server.host", value: "127.0.0.1", origin: "default" },
      { name: "server.apiKeys", value: "0 (not shown)", origin: "default" },
      { name: "server.hosts", value: [], origin: "default" },
      { name: "models.strict", value: false, origin: "default" },
      { name: "routing.profiles", value: "all", origin: "default" },
      { name: "routing.affinity", value: true, origin: "default" },
      { name: "server.earlyCommit", value: 15, origin: "default" },
      { name: "server.idle", value: 600, origin: "default" },
      { name: "tls.caFile", value: undefined, origin: "default" },
      { name: "log.level", value: "info", origin: "default" },
      { name: "log.format", value: "auto", origin: "default" },
      { name: "chat.model", value: undefined, origin: "default" },
      { name: "cost.factor", value: 1.90385, origin: "default" },
      { name: "cost.cacheRead", value: undefined, origin: "default" },
      { name: "cost.cacheWrite5m", value: undefined, origin: "default" },
      { name: "cost.cacheWrite1h", value: undefined, origin: "default" },
      { name: "cost.price", value: undefined, origin: "default" },
      { name: "cost.currency", value: "EUR", origin: "default" },
      { name: "updates.check", value: true, origin: "default" },
      { name: "usage.enabled", value: true, origin: "default" },
      { name: "usage.retention", value: 400, origin: "default" },
    ]);
    expect([settings.currentProfile, settings.profileNames, settings.aliases]).toEqual([undefined, [], {}]);
    expect(existsSync(configPath)).toBe(false);
  });

  test("a variable goes before the file, the file before the default", () => {
    const { env } = userWith(
      { server: { port: 7000, host: "::1" } },
      { AICORE_PORT: "0", AICORE_LOG: "debug" },
    );
    const settings = loadSettings(env);
    expect([settings.get("server.port"), settings.get("server.host"), settings.get("log.level")]).toEqual([
      { name: "server.port", value: 0, origin: "AICORE_PORT" },
      { name: "server.host", value: "::1", origin: "config.json" },
      { name: "log.level", value: "debug", origin: "AICORE_LOG" },
    ]);
  });

  test("reload reads the file again; a broken one changes nothing", async () => {
    const { env, configPath } = userWith({ aliases: { fast: "a" }, server: { port: 7000 } });
    const settings = loadSettings(env);
    writeFileSync(configPath, '{"aliases":{"fast":"b"},"modles":{}}');
    settings.reload();
    expect([settings.aliases, settings.value("server.port")]).toEqual([{ fast: "b" }, 6655]);
    expect(settings.warnings).toHaveLength(1);
    writeFileSync(configPath, '{"aliases":');
    expect(await failureOf(() => settings.reload())).toMatchObject({ exitCode: 3 });
    expect([settings.aliases, settings.warnings.length]).toEqual([{ fast: "b" }, 1]);
  });

  const DIGEST = `sha256:${"0a".repeat(32)}`;

  test("keys of the proxy are read, counted and never shown", async () => {
    const settings = loadSettings(userWith({ server: { apiKeys: ["canary-key", DIGEST] } }).env);
    expect(settings.value("server.apiKeys")).toEqual(["canary-key", DIGEST]);
    expect(settings.get("server.apiKeys")).toMatchObject({ value: "2 (not shown)", origin: "config.json" });
    expect(JSON.stringify(settings.list())).not.toMatch(/canary|0a0a/);
    await settings.set("server.apiKeys", `canary-key, ${DIGEST}`);
    expect(settings.value("server.apiKeys")).toEqual(["canary-key", DIGEST]);
  });

  test.each<[what: string, keys: unknown]>([
    ["a text", "canary-key"],
    ["an empty key", [""]],
    ["a key with a space", ["canary key"]],
    ["a digest that is too short", ["sha256:canary"]],
    ["a number", [["canary"], 1]],
  ])("%s among the keys of the proxy is refused and not repeated", async (_, apiKeys) => {
    const { message } = await failureOf(() => loadSettings(userWith({ server: { apiKeys } }).env));
    expect(message).toBe(
      "server.apiKeys: expected a list of keys, each plain or sha256: and 64 hex digits, got something else",
    );
  });

  test("G10 an empty variable counts as unset", () => {
    const { env } = userWith({ server: { port: 7000 } }, { AICORE_PORT: "" });
    expect(loadSettings(env).value("server.port")).toBe(7000);
  });

  test("G3 a wrong variable is named", async () => {
    const { env } = newUser({ AICORE_PORT: "http" });
    expect(await failureOf(() => loadSettings(env).value("server.port"))).toMatchObject({
      exitCode: 3,
      message: 'AICORE_PORT: expected 0–65535, got "http"',
    });
  });

  test.each<[fault: string, config: unknown, message: string]>([
    [
      "G1 bad JSON",
      '{\n  "server": {\n    "a" 1 }\n}',
      "config.json line 3, column 9: not valid JSON; file left unchanged",
    ],
    ["G1 an empty file", "", "config.json line 1, column 1: not valid JSON; file left unchanged"],
    ["G1 no object", "[]", "config.json line 1, column 1: not a JSON object; file left unchanged"],
    ["G3 a wrong type", { server: { port: "abc" } }, 'server.port: expected 1–65535, got "abc"'],
    ["G3 out of range", { server: { port: 65_536 } }, "server.port: expected 1–65535, got 65536"],
    ["G3 a fraction", { server: { port: 80.5 } }, "server.port: expected 1–65535, got 80.5"],
    ["G3 no boolean", { models: { strict: "yes" } }, 'models.strict: expected true or false, got "yes"'],
    [
      "G3 none of the choices",
      { log: { level: "loud" } },
      'log.level: expected "silent", "error", "warn", "info", "debug", got "loud"',
    ],
    ["G3 no object", { server: 6655 }, "server: expected an object, got 6655"],
    ["G3 an alias to nothing", { aliases: { fast: 1 } }, "aliases.fast: expected a text, got 1"],
    [
      "G3 a profile without its URL",
      { profiles: { p: {} } },
      "profiles.p.tokenUrl: expected a URL, got nothing",
    ],
    [
      "G3 an unknown storage",
      { profiles: { p: { ...PROFILE, storage: "cloud" } } },
      'profiles.p.storage: expected "keychain", "file", "plain", got "cloud"',
    ],
    ["C11 a profile's name", { profiles: { "../x": PROFILE } }, 'profiles: "../x" is not a profile name'],
    [
      "G4 a later version",
      { version: 3 },
      "config.json was created by aicore 3.x; this aicore cannot read it.",
    ],
  ])("%s: exit code 3, the file stays", async (_fault, config, message) => {
    const { env, configPath } = userWith(config);
    const before = readFileSync(configPath);
    expect(await failureOf(() => loadSettings(env))).toMatchObject({ exitCode: 3, message });
    expect(readFileSync(configPath)).toEqual(before);
  });

  test.each<[given: object, warning: string]>([
    [{ server: { prot: 1 } }, 'config.json: unknown setting "server.prot"; did you mean "server.port"?'],
    [{ sever: {} }, 'config.json: unknown setting "sever"; did you mean "server"?'],
    [{ telemetry: true }, 'config.json: unknown setting "telemetry"'],
    [
      { profiles: { "a.b": { ...PROFILE, apiUrI: "x" } } },
      'config.json: unknown setting "profiles.a.b.apiUrI"; did you mean "profiles.a.b.apiUrl"?',
    ],
  ])("G2 an unknown name is a warning: %o", (given, warning) => {
    expect(loadSettings(userWith(given).env).warnings).toEqual([warning]);
  });

  test.runIf(posix)("G5 a symbolic link is refused", async () => {
    const { env, configPath } = newUser();
    writeFileSync(`${configPath}.real`, "{}");
    symlinkSync(`${configPath}.real`, configPath);
    expect(await failureOf(() => loadSettings(env))).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("is a symbolic link"),
    });
  });

  test("names of Object.prototype are no profiles and no settings", async () => {
    const { env } = newUser();
    expect(loadSettings(env).profile("constructor")).toBeUndefined();
    expect(await failureOf(() => loadSettings(env).get("constructor"))).toMatchObject({ exitCode: 2 });
  });
});

describe("writing", () => {
  test("a setting is checked, typed, and kept private", async () => {
    const { env, configPath } = userWith({ server: { host: "::1" }, future: { kept: true } });
    const settings = loadSettings(env);
    await settings.set("server.port", "7001");
    await settings.set("models.strict", "true");
    expect(settings.value("server.port")).toBe(7001);
    expect(JSON.parse(readFileSync(configPath, "utf8"))).toEqual({
      version: 1,
      server: { host: "::1", port: 7001 },
      future: { kept: true },
      models: { strict: true },
    });
    if (posix) expect(modeOf(configPath)).toBe("0600");
  });

  test.runIf(posix)("a file that others could read is closed", async () => {
    const { env, configPath, paths } = userWith("{}");
    const { chmodSync } = await import("node:fs");
    chmodSync(configPath, 0o644);
    chmodSync(paths.config, 0o755);
    await loadSettings(env).set("log.level", "warn");
    expect([modeOf(configPath), modeOf(paths.config)]).toEqual(["0600", "0700"]);
  });

  test("an empty text puts a setting back to its default", async () => {
    const { env } = userWith({ tls: { caFile: "/ca.pem" } });
    const settings = loadSettings(env);
    await settings.set("tls.caFile", "");
    expect(settings.get("tls.caFile").origin).toBe("default");
    expect(loadSettings(env).value("tls.caFile")).toBeUndefined();
  });

  test.each<[name: string, text: string, exitCode: number, message: string]>([
    ["server.port", "abc", 3, 'server.port: expected 1–65535, got "abc"'],
    ["server.port", "0", 3, "server.port: expected 1–65535, got 0"],
    ["cost.price", "1,04", 3, 'cost.price: expected a number from 0 to 1000000, such as 1.25, got "1,04"'],
    ["cost.factor", "0", 3, "cost.factor: expected a number from 0.001 to 1000, such as 1.25, got 0"],
    ["cost.currency", "euro", 3, 'cost.currency: expected three capital letters, such as EUR, got "euro"'],
    ["server.prot", "1", 2, 'There is no setting "server.prot". Did you mean server.port?'],
    ["__proto__.x", "1", 2, 'There is no setting "__proto__.x".'],
    ["profiles.no.resourceGroup", "g", 2, 'There is no setting "profiles.no.resourceGroup".'],
    ["profiles.a.b.apiUrl", "https://evil.com", 2, "profiles.a.b.apiUrl is not set by hand."],
    ["profiles.a.b.resourceGroup", "", 3, 'profiles.a.b.resourceGroup: expected a text, got ""'],
  ])("set %s to %j: refused", async (name, text, exitCode, message) => {
    const { env, configPath } = userWith({ profiles: { "a.b": PROFILE } });
    const before = readFileSync(configPath);
    expect(await failureOf(() => loadSettings(env).set(name, text))).toMatchObject({ exitCode, message });
    expect(readFileSync(configPath)).toEqual(before);
  });

  test("the resource groups of a profile can be set", async () => {
    const settings = loadSettings(userWith({ profiles: { "a.b": PROFILE } }).env);
    await settings.set("profiles.a.b.resourceGroups", "one, two");
    expect(settings.get("profiles.a.b.resourceGroups").value).toEqual(["one", "two"]);
    expect(settings.profile("a.b")?.resourceGroups).toEqual(["one", "two"]);
  });

  test("a change made by another process in between is kept", async () => {
    const { env } = newUser();
    const [one, other] = [loadSettings(env), loadSettings(env)];
    await one.setAlias("claude-*.5", "sonnet");
    await other.set("server.port", "7002");
    expect(loadSettings(env).aliases).toEqual({ "claude-*.5": "sonnet" });
    await loadSettings(env).removeAlias("claude-*.5");
    expect(loadSettings(env).aliases).toEqual({});
  });
});

test("profiles: saved, used, renamed, removed", async () => {
  const settings = loadSettings(newUser().env);
  await settings.saveProfile("one", PROFILE);
  await settings.saveProfile("two.x", PROFILE);
  expect([settings.currentProfile, settings.profileNames]).toEqual(["two.x", ["one", "two.x"]]);
  await settings.useProfile("one");
  await settings.renameProfile("one", "uno");
  expect([settings.currentProfile, settings.profileNames]).toEqual(["uno", ["uno", "two.x"]]);
  await settings.removeProfile("uno");
  expect([settings.currentProfile, settings.profileNames]).toEqual(["two.x", ["two.x"]]);
  await settings.removeProfile("two.x");
  expect([settings.currentProfile, settings.profileNames]).toEqual([undefined, []]);
});
