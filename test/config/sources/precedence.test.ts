import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { listSources, resolveTenant } from "../../../src/config/sources.ts";
import { failureOf, serviceKey } from "../home.ts";
import { PROFILE } from "../profile.ts";
import { type Situation, saveProfile, sdkVariables, situation, writeSapConfig } from "./situation.ts";

const keyOf = (clientid: string) => serviceKey({ clientid });

interface Source {
  name: string;
  clientId: string;
  setUp(situation: Situation): Promise<void> | void;
}

/** Each kind of source, with a client id of its own; the order is that of precedence. */
const SOURCES: Source[] = [
  {
    name: 'profile "named"',
    clientId: "sb-0!b1",
    async setUp({ user, options }) {
      await saveProfile(user, "named", this.clientId);
      options.profile = "named";
    },
  },
  {
    name: "AICORE_SERVICE_KEY",
    clientId: "sb-1!b1",
    setUp({ user }) {
      user.env.AICORE_SERVICE_KEY = JSON.stringify(keyOf(this.clientId));
    },
  },
  {
    name: "AICORE_CLIENT_ID",
    clientId: "sb-2!b1",
    setUp({ user }) {
      Object.assign(user.env, sdkVariables(this.clientId));
    },
  },
  {
    name: "VCAP_SERVICES",
    clientId: "sb-3!b1",
    setUp({ user }) {
      const binding = { label: "aicore", name: "a", credentials: keyOf(this.clientId) };
      user.env.VCAP_SERVICES = JSON.stringify({ x: [binding] });
    },
  },
  {
    name: 'profile "current"',
    clientId: "sb-4!b1",
    setUp({ user }) {
      return saveProfile(user, "current", this.clientId);
    },
  },
  {
    name: "SAP config file",
    clientId: "sb-5!b1",
    setUp({ user }) {
      writeSapConfig(user, "config.json", sdkVariables(this.clientId));
    },
  },
];

const PAIRS = SOURCES.flatMap((first, rank) => SOURCES.slice(rank + 1).map((second) => ({ first, second })));

describe("precedence", () => {
  test.each(PAIRS)("$first.name goes before $second.name, as a whole", async ({ first, second }) => {
    const both = situation();
    await second.setUp(both);
    await first.setUp(both);
    const tenant = await resolveTenant(both.options);
    expect(tenant.credentials.clientId).toBe(first.clientId);
    const listed = listSources(both.options).sources;
    expect(listed[0]).toMatchObject({ wins: true, source: tenant.source, profile: tenant.profile });
    // Whoever names a profile has chosen it over the current one: that is no conflict.
    const isConflict = !(first.name === 'profile "named"' && second.name === 'profile "current"');
    expect(listed).toHaveLength(isConflict ? 2 : 1);
    const told = tenant.warnings.filter((sentence) => sentence.startsWith("Credentials come from"));
    expect(told).toEqual(
      isConflict
        ? [`Credentials come from ${first.name}; ${listed[1]?.name} is also there and ignored.`]
        : [],
    );
  });

  test("all at once are told in one sentence", async () => {
    const all = situation();
    for (const source of SOURCES.slice(1)) await source.setUp(all);
    expect((await resolveTenant(all.options)).warnings.at(-1)).toBe(
      'Credentials come from AICORE_SERVICE_KEY; AICORE_CLIENT_ID, VCAP_SERVICES, profile "current", and ' +
        `${join(all.user.home, ".aicore/config.json")} are also there and ignored.`,
    );
  });

  test("K8 nothing at all: exit code 4", async () => {
    const { options } = situation();
    expect(await failureOf(() => resolveTenant(options))).toMatchObject({
      exitCode: 4,
      message: "No SAP AI Core credentials found. Run `aicore login` or set AICORE_SERVICE_KEY.",
    });
    expect(listSources(options)).toEqual({ sources: [], warnings: [] });
  });

  test("a faulty first source is an error, not a reason to take the next", async () => {
    const { options } = situation({ ...sdkVariables(), AICORE_SERVICE_KEY: "{" });
    expect(await failureOf(() => resolveTenant(options))).toMatchObject({ exitCode: 4 });
  });
});

describe("listing", () => {
  test("needs no secret: the file of the profile may be gone", async () => {
    const { user, options } = situation();
    await loadSettings(user.env).saveProfile("current", { ...PROFILE, storage: "keychain" });
    expect(listSources(options).sources).toEqual([
      {
        source: "keychain",
        name: 'profile "current"',
        profile: "current",
        clientId: "sb-…f2a1!b1234",
        wins: true,
      },
    ]);
  });

  test("G10 empty variables count as unset, and are told", () => {
    const { options } = situation({ AICORE_SERVICE_KEY: "", AICORE_CLIENT_ID: "", VCAP_SERVICES: "" });
    expect(listSources(options)).toEqual({
      sources: [],
      warnings: ["AICORE_SERVICE_KEY", "VCAP_SERVICES", "AICORE_CLIENT_ID"].map(
        (name) => `${name} is set but empty; it counts as unset.`,
      ),
    });
  });
});
