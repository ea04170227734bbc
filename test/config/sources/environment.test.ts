import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { resolveTenant } from "../../../src/config/sources.ts";
import { failureOf, fixture, serviceKey } from "../home.ts";
import { sdkVariables, situation } from "./situation.ts";

describe("the variables of SAP's Python SDK", () => {
  const secretless = { ...sdkVariables(), AICORE_CLIENT_SECRET: "" };
  const strings = { AICORE_CERT_STR: fixture("certificate.pem"), AICORE_KEY_STR: fixture("key.pem") };
  const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));
  const files = {
    AICORE_CERT_FILE_PATH: `${folder}certificate.pem`,
    AICORE_KEY_FILE_PATH: `${folder}key.pem`,
  };
  const cert = { AICORE_CERT_URL: "https://x.authentication.cert.eu10.hana.ondemand.com/oauth/token" };

  test.each<[form: string, variables: NodeJS.ProcessEnv, tokenUrl: string]>([
    ["strings", { ...secretless, ...strings, ...cert }, cert.AICORE_CERT_URL],
    ["files", { ...secretless, ...files, ...cert }, cert.AICORE_CERT_URL],
    [
      "no AICORE_CERT_URL",
      { ...secretless, ...strings },
      "https://x.authentication.eu10.hana.ondemand.com/oauth/token",
    ],
  ])("a certificate as %s", async (_form, variables, tokenUrl) => {
    const { credentials } = await resolveTenant(situation(variables).options);
    expect(credentials).toMatchObject({ tokenUrl, secret: { kind: "certificate", key: fixture("key.pem") } });
  });

  test.each<[fault: string, variables: NodeJS.ProcessEnv, message: string]>([
    [
      "only one of them",
      { AICORE_BASE_URL: "https://api.ai.prod.aws.ml.hana.ondemand.com" },
      "The environment is missing: AICORE_CLIENT_ID, AICORE_CLIENT_SECRET, AICORE_AUTH_URL.",
    ],
    ["a certificate without its key", { ...secretless, AICORE_CERT_STR: "x" }, "is missing: AICORE_KEY_STR."],
    [
      "a secret and strings",
      { ...sdkVariables(), ...strings },
      "Both AICORE_CLIENT_SECRET and AICORE_CERT_STR are set.",
    ],
    [
      "strings and files",
      { ...secretless, ...strings, ...files },
      "Both AICORE_CERT_STR and AICORE_CERT_FILE_PATH are set.",
    ],
    [
      "a file that is not there",
      { ...secretless, ...files, AICORE_KEY_FILE_PATH: "/nowhere.pem" },
      "Cannot read /nowhere.pem (AICORE_KEY_FILE_PATH).",
    ],
    [
      "a foreign host",
      { ...sdkVariables(), AICORE_AUTH_URL: "https://evil.com" },
      "AICORE_AUTH_URL: evil.com is not",
    ],
  ])("%s: exit code 4", async (_fault, variables, message) => {
    expect(await failureOf(() => resolveTenant(situation(variables).options))).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(message),
    });
  });
});

describe("VCAP_SERVICES", () => {
  test("without a binding of aicore is no source", async () => {
    const { options } = situation({ VCAP_SERVICES: '{"hana":[{"label":"hana","credentials":{}}]}' });
    expect(await failureOf(() => resolveTenant(options))).toMatchObject({
      message: expect.stringContaining("No SAP AI Core credentials found."),
    });
  });

  test("with two bindings gives the first, and says so", async () => {
    const binding = (name: string) => ({
      label: "aicore",
      name,
      credentials: serviceKey({ clientid: name }),
    });
    const { options } = situation({
      VCAP_SERVICES: JSON.stringify({ aicore: [binding("a"), binding("b")] }),
    });
    const tenant = await resolveTenant(options);
    expect(tenant.credentials.clientId).toBe("a");
    expect(tenant.warnings).toEqual(["VCAP_SERVICES has 2 bindings of aicore; the first one is used: a."]);
  });

  test("that is not JSON is an error with its place", async () => {
    const { options } = situation({ VCAP_SERVICES: '{"aicore": canary}' });
    expect(await failureOf(() => resolveTenant(options))).toMatchObject({
      exitCode: 4,
      message: "VCAP_SERVICES is not valid JSON (line 1, column 12).",
    });
  });
});
