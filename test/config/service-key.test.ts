import { describe, expect, test } from "vitest";
import { parseServiceKey } from "../../src/config/service-key.ts";
import { failureOf, fixture, SECRET, serviceKey, x509Key } from "./home.ts";

const KEY = JSON.stringify(serviceKey(), null, 2);
const BINDING = { label: "aicore", name: "my-aicore", credentials: serviceKey() };
const base64 = (text: unknown) => Buffer.from(String(text)).toString("base64");

test("a key becomes credentials", () => {
  expect(parseServiceKey(KEY)).toEqual({
    credentials: {
      clientId: "sb-0c1d2e3f-aaaa-bbbb-cccc-00000000f2a1!b1234|aicore!b540",
      tokenUrl: "https://my-subdomain.authentication.eu10.hana.ondemand.com/oauth/token",
      apiUrl: "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com",
      tenantId: "11111111-2222-3333-4444-555555555555",
      secret: { kind: "secret", clientSecret: SECRET },
    },
    warnings: [],
  });
});

test.each<[form: string, text: string]>([
  ["KF3 wrapped by the cockpit", JSON.stringify({ credentials: serviceKey() })],
  ["KF3 VCAP_SERVICES", JSON.stringify({ VCAP_SERVICES: { aicore: [BINDING] } })],
  [
    "KF3 the inside of VCAP_SERVICES",
    JSON.stringify({ hana: [{ label: "hana" }], "user-provided": [BINDING] }),
  ],
  ["KF3 one binding", JSON.stringify(BINDING)],
  ["KF3 cf service-key", `Getting key k for service instance s as u@example.com...\n\n${KEY}\n`],
  ["KF2 a byte order mark", `\ufeff${KEY}`],
  ["a Markdown fence", `\`\`\`json\n${KEY}\n\`\`\`\n`],
  ["Windows line ends", KEY.replaceAll("\n", "\r\n")],
  [
    "a Kubernetes secret",
    JSON.stringify({
      kind: "Secret",
      data: Object.fromEntries(
        Object.entries(serviceKey({ serviceurls: JSON.stringify(serviceKey().serviceurls) })).map(
          ([name, value]) => [name, base64(value)],
        ),
      ),
    }),
  ],
  [
    "a Kubernetes secret with one field",
    JSON.stringify({ kind: "Secret", stringData: { credentials: KEY } }),
  ],
])("%s is accepted", (_form, text) => {
  expect(parseServiceKey(text)).toEqual(parseServiceKey(KEY));
});

test.each<[given: Record<string, unknown>, tokenUrl: string, apiUrl: string]>([
  [{ url: "https://a.hana.ondemand.com/oauth/token" }, "https://a.hana.ondemand.com/oauth/token", ""],
  [{ url: "https://a.hana.ondemand.com/" }, "https://a.hana.ondemand.com/oauth/token", ""],
  [{ serviceurls: { AI_API_URL: "https://b.hana.ondemand.com/v2" } }, "", "https://b.hana.ondemand.com"],
  [{ serviceurls: { AI_API_URL: "https://b.hana.ondemand.com/v2/" } }, "", "https://b.hana.ondemand.com"],
])("URLs are normalised: %o", (changes, tokenUrl, apiUrl) => {
  const { credentials } = parseServiceKey(JSON.stringify(serviceKey(changes)));
  if (tokenUrl) expect(credentials.tokenUrl).toBe(tokenUrl);
  if (apiUrl) expect(credentials.apiUrl).toBe(apiUrl);
});

test("a resource group that somebody added to the key is used", () => {
  expect(parseServiceKey(JSON.stringify(serviceKey({ resourceGroup: "team" }))).resourceGroup).toBe("team");
});

describe("faults are told with exit code 4 and no word of the key", () => {
  const typographic = KEY.replace(`"${SECRET}"`, `“${SECRET}”`);
  test.each<[fault: string, text: string, message: string | RegExp]>([
    ["KF2 empty", "", "Service key is empty."],
    ["KF2 blank", " \n\t", "Service key is empty."],
    ["KF2 not JSON", `{"clientsecret": ${SECRET}}`, "Service key is not valid JSON (line 1, column 18)."],
    ["KF2 JSON5", "{\n  clientid: 'x',\n}", "Service key is not valid JSON (line 2, column 3)."],
    ["KF2 cut off", KEY.slice(0, 200), /^Service key is not valid JSON \(line \d+, column \d+\)\.$/],
    ["KF2 behind a cf header", "Getting key...\n\n{]", "Service key is not valid JSON (line 3, column 2)."],
    [
      "KF2 UTF-16 that was read as UTF-8",
      [...KEY].join("\0"),
      "Service key is saved as UTF-16, save as UTF-8.",
    ],
    ["not an object", `["${SECRET}"]`, "Service key must be a JSON object."],
    [
      "KF4 missing fields",
      JSON.stringify({ clientid: "c", url: "https://a.hana.ondemand.com" }),
      "Service key is missing: clientsecret, serviceurls.AI_API_URL. Is this an SAP AI Core key?",
    ],
    ["KF4 an empty object", "{}", /missing: clientid, clientsecret, url, serviceurls\.AI_API_URL\./],
    [
      "KF4 an x509 key without its certificate",
      JSON.stringify(x509Key({ certificate: undefined, key: undefined, certurl: undefined })),
      /missing: certificate, key, certurl\./,
    ],
    [
      "a field of another type",
      JSON.stringify(serviceKey({ clientid: 7 })),
      "Service key: clientid must be a string.",
    ],
    [
      "KF5 xsuaa",
      JSON.stringify({
        clientid: "c",
        clientsecret: SECRET,
        url: "https://a",
        xsappname: "x",
        verificationkey: "v",
      }),
      "This looks like a 'xsuaa' key, not an SAP AI Core key.",
    ],
    [
      "KF5 hana",
      JSON.stringify({
        host: "h",
        port: "443",
        driver: "com.sap.db.jdbc.Driver",
        schema: "S",
        password: SECRET,
      }),
      "This looks like a 'hana' key, not an SAP AI Core key.",
    ],
    [
      "KF5 a binding with another label",
      JSON.stringify({ label: "destination", credentials: { clientid: "c" } }),
      "This looks like a 'destination' key, not an SAP AI Core key.",
    ],
    [
      "KF8 typographic quotes around a value",
      typographic,
      /^Service key has a typographic quote \(line \d+, column \d+\)/,
    ],
    [
      "KF8 typographic quotes inside a value",
      JSON.stringify(serviceKey({ clientsecret: `“${SECRET}”` })),
      "clientsecret contains a typographic quote (“ or ”).",
    ],
    [
      "KF6 a certificate that is not PEM",
      JSON.stringify(x509Key({ certificate: SECRET })),
      "certificate is not valid PEM.",
    ],
    ["KF6 a key that is not PEM", JSON.stringify(x509Key({ key: SECRET })), "key is not valid PEM."],
    [
      "KF6 an expired certificate",
      JSON.stringify(x509Key({ certificate: fixture("expired-certificate.pem") })),
      "certificate expired on 2024-01-08.",
    ],
    [
      "KF6 the key of another certificate",
      JSON.stringify(x509Key({ key: fixture("other-key.pem") })),
      "certificate and key do not belong together.",
    ],
  ])("%s", async (_fault, text, message) => {
    const failure = await failureOf(() => parseServiceKey(text));
    const expected = typeof message === "string" ? message : expect.stringMatching(message);
    expect(failure).toMatchObject({ exitCode: 4, message: expected });
    expect(`${failure.message} ${failure.hint} ${String(failure)}`).not.toContain(SECRET);
  });
});

test("KF8 spaces around values are removed, and told", () => {
  const { credentials, warnings } = parseServiceKey(
    JSON.stringify(serviceKey({ clientsecret: ` ${SECRET}\n` })),
  );
  expect(credentials.secret).toEqual({ kind: "secret", clientSecret: SECRET });
  expect(warnings).toEqual(["clientsecret had spaces or line breaks around it; they were removed."]);
});

test.each<[form: string, changes: Record<string, unknown>]>([
  ["as it is", {}],
  [
    "with literal \\n",
    {
      certificate: fixture("certificate.pem").replaceAll("\n", "\\n"),
      key: fixture("key.pem").replaceAll("\n", "\\n"),
    },
  ],
  ["without a credential-type", { "credential-type": undefined }],
  ["beside a secret", { clientsecret: SECRET }],
])("KF6 an x509 key %s is accepted, with its expiry", (_form, changes) => {
  const { credentials, warnings } = parseServiceKey(JSON.stringify(x509Key(changes)));
  expect(credentials.tokenUrl).toBe(
    "https://my-subdomain.authentication.cert.eu10.hana.ondemand.com/oauth/token",
  );
  expect(credentials.secret).toEqual({
    kind: "certificate",
    certificate: fixture("certificate.pem"),
    key: fixture("key.pem"),
    expiresAt: new Date("2125-01-01T00:00:00Z"),
  });
  expect(warnings).toEqual([]);
});
