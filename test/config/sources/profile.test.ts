import { describe, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { resolveTenant } from "../../../src/config/sources.ts";
import { failureOf, serviceKey } from "../home.ts";
import { PROFILE } from "../profile.ts";
import { saveProfile, sdkVariables, situation } from "./situation.ts";

describe("profiles", () => {
  test("K9 settings that were changed to another host get no secret", async () => {
    const { user, options } = situation();
    await saveProfile(user, "current");
    const evil = "https://evil.hana.ondemand.com";
    await loadSettings(user.env).saveProfile("current", { ...PROFILE, tokenUrl: `${evil}/oauth/token` });
    expect(await failureOf(() => resolveTenant(options))).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(`but the configuration points to ${evil}.`),
    });
  });

  test("K5 a plain file is warned about each time", async () => {
    const { user, options } = situation();
    await saveProfile(user, "current");
    expect((await resolveTenant(options)).warnings).toEqual([
      expect.stringMatching(/^credentials are saved UNENCRYPTED in /),
    ]);
  });

  test.each<[profile: string, exitCode: number, message: string]>([
    ["other", 4, 'There is no profile "other".'],
    ["../x", 2, "A profile name must match"],
    ["", 2, "A profile name must match"],
  ])("%j as --profile", async (profile, exitCode, message) => {
    const { options } = situation();
    expect(await failureOf(() => resolveTenant({ ...options, profile }))).toMatchObject({
      exitCode,
      message: expect.stringContaining(message),
    });
  });

  test("a current profile that is gone does not stand in the way of other sources", async () => {
    const { user, options } = situation(sdkVariables());
    await loadSettings(user.env).useProfile("gone");
    const tenant = await resolveTenant(options);
    expect(tenant.source).toBe("AICORE_CLIENT_ID");
    expect(tenant.warnings).toEqual([expect.stringContaining('The current profile "gone" does not exist')]);
  });
});

describe("resource group: option, variable, profile, default", () => {
  const key = (resourceGroup?: string) => JSON.stringify(serviceKey({ resourceGroup }));
  test.each<[option: string | undefined, variable: string, ofKey: string | undefined, group: string]>([
    ["o", "v", "k", "o"],
    [undefined, "v", "k", "v"],
    [undefined, "", "k", "k"],
    [undefined, "", undefined, "default"],
  ])("%s, %s, %s → %s", async (resourceGroup, variable, ofKey, group) => {
    const { options } = situation({ AICORE_SERVICE_KEY: key(ofKey), AICORE_RESOURCE_GROUP: variable });
    expect((await resolveTenant({ ...options, resourceGroup })).resourceGroup).toBe(group);
  });

  test("several of a profile, unless one is asked for", async () => {
    const { user, options } = situation();
    await saveProfile(user, "current");
    await loadSettings(user.env).set("profiles.current.resourceGroups", "a,b");
    expect(await resolveTenant(options)).toMatchObject({
      resourceGroup: "default",
      resourceGroups: ["a", "b"],
    });
    expect(await resolveTenant({ ...options, resourceGroup: "b" })).not.toHaveProperty("resourceGroups");
  });

  test("one that cannot be a header is refused: exit code 3", async () => {
    const { options } = situation({ AICORE_SERVICE_KEY: key(), AICORE_RESOURCE_GROUP: "a\r\nb" });
    expect(await failureOf(() => resolveTenant(options))).toMatchObject({ exitCode: 3 });
  });
});
