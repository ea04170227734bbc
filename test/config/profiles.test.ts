import { expect, test } from "vitest";
import { checkProfileName, maskClientId, profileOf } from "../../src/config/profiles.ts";
import { parseServiceKey } from "../../src/config/service-key.ts";
import { failureOf, serviceKey, x509Key } from "./home.ts";

test.each(["default", "a", "team-2", "My.Team_x", "0", "a".repeat(64)])(
  "C11 %s is a profile name",
  (name) => {
    expect(checkProfileName(name)).toBe(name);
  },
);

test.each(["", "../x", "a/b", ".hidden", "-x", "a b", "ä", "a\n", "a".repeat(65)])(
  "C11 %j is not: exit code 2",
  async (name) => {
    expect(await failureOf(() => checkProfileName(name))).toMatchObject({
      exitCode: 2,
      message: "A profile name must match ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$.",
    });
  },
);

test.each([
  ["sb-0c1d2e3f-aaaa-bbbb-cccc-00000000f2a1!b1234|aicore!b540", "sb-…f2a1!b1234"],
  ["sb-short!b1|aicore!b2", "sb-…!b1"],
  ["a-client-of-another-kind", "…kind"],
  ["x", "…"],
])("the client id %s is shown as %s", (clientId, masked) => {
  expect(maskClientId(clientId)).toBe(masked);
});

test("what the settings keep of a login holds no secret", () => {
  const choices = { resourceGroup: "team", storage: "keychain", allowHosts: ["corp.example"] } as const;
  const { credentials } = parseServiceKey(JSON.stringify(x509Key()));
  const profile = profileOf(credentials, { ...choices, allowHosts: [...choices.allowHosts] });
  expect(profile).toMatchObject({
    resourceGroup: "team",
    kind: "certificate",
    certificateExpiresAt: "2125-01-01T00:00:00.000Z",
    clientId: "sb-…f2a1!b1234",
    allowHosts: ["corp.example"],
  });
  expect(JSON.stringify(profile)).not.toContain("BEGIN");
  const secret = profileOf(parseServiceKey(JSON.stringify(serviceKey())).credentials, {
    resourceGroup: "default",
    storage: "plain",
  });
  expect(JSON.stringify(secret)).not.toContain("canary");
});
