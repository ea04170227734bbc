import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSources, resolveTenant } from "../../../src/config/sources.ts";
import { failureOf } from "../home.ts";
import { situation, type User, writeSapConfig } from "./situation.ts";

const bare = {
  client_id: "bare",
  client_secret: "s",
  auth_url: "https://x.hana.ondemand.com",
  base_url: "https://y.hana.ondemand.com",
};

test.each<[form: string, name: string, variables: (user: User) => NodeJS.ProcessEnv]>([
  ["bare lower-case names", "config.json", () => ({})],
  ["AICORE_PROFILE=default", "config.json", () => ({ AICORE_PROFILE: "default" })],
  ["AICORE_PROFILE", "config_team.json", () => ({ AICORE_PROFILE: "team" })],
  [
    "AICORE_CONFIG",
    "my.json",
    ({ home }) => ({ AICORE_CONFIG: join(home, ".aicore/my.json"), AICORE_PROFILE: "team" }),
  ],
  ["AICORE_HOME", "config.json", ({ home }) => ({ AICORE_HOME: join(home, ".aicore"), HOME: "/nowhere" })],
])("%s", async (_form, name, variables) => {
  const { user, options } = situation();
  writeSapConfig(user, name, { ...bare, resource_group: "sap" });
  const env = { ...user.env, ...variables(user) };
  expect(await resolveTenant({ ...options, env })).toMatchObject({
    profile: "environment",
    source: "SAP config file",
    resourceGroup: "sap",
    credentials: { clientId: "bare", tokenUrl: "https://x.hana.ondemand.com/oauth/token" },
  });
});

test.each<[fault: string, content: unknown, variables: NodeJS.ProcessEnv, message: RegExp]>([
  ["invalid JSON", '{"a":}', {}, /config\.json is not a JSON object \(line 1, column 6\)\.$/],
  ["half a set", { client_id: "c" }, {}, /config\.json is missing: AICORE_CLIENT_SECRET, /],
  [
    "a named profile without a file",
    bare,
    { AICORE_PROFILE: "none" },
    /config_none\.json: not found, though AICORE_PROFILE/,
  ],
  [
    "a named file that is not there",
    bare,
    { AICORE_CONFIG: "/nowhere.json" },
    /\/nowhere\.json: not found, though AICORE_CONFIG/,
  ],
])("%s: exit code 4", async (_fault, content, variables, message) => {
  const { user, options } = situation(variables);
  writeSapConfig(user, "config.json", content);
  const failure = await failureOf(() => resolveTenant(options));
  expect(failure).toMatchObject({ exitCode: 4, message: expect.stringMatching(message) });
});

test("that cannot be read is passed over with a warning", () => {
  const { user, options } = situation();
  mkdirSync(join(user.home, ".aicore/config.json"), { recursive: true });
  expect(listSources(options)).toEqual({
    sources: [],
    warnings: [`${join(user.home, ".aicore/config.json")} cannot be read and is ignored.`],
  });
});

test("without credentials is no source", () => {
  const { user, options } = situation();
  writeSapConfig(user, "config.json", { AICORE_RESOURCE_GROUP: "g" });
  expect(listSources(options).sources).toEqual([]);
});
