import { describe, expect, test } from "vitest";
import { decodeSecret, encodeSecret } from "../../../src/config/secrets/blob.ts";
import { parseServiceKey } from "../../../src/config/service-key.ts";
import { failureOf, fixture, SECRET, serviceKey, x509Key } from "../home.ts";

const { credentials } = parseServiceKey(JSON.stringify(serviceKey()));
const { tokenUrl, apiUrl, tenantId } = credentials;

test("the stored form is version 1, with the origins that it may travel to", () => {
  expect(JSON.parse(encodeSecret(credentials).toString())).toEqual({
    v: 1,
    clientid: credentials.clientId,
    clientsecret: SECRET,
    tokenOrigin: "https://my-subdomain.authentication.eu10.hana.ondemand.com",
    apiOrigin: "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com",
  });
});

test.each([serviceKey(), x509Key()])("a secret comes back as it was", (key) => {
  const given = parseServiceKey(JSON.stringify(key)).credentials;
  expect(decodeSecret(encodeSecret(given), given)).toEqual(given);
});

describe("K9 a secret is not handed out for another origin", () => {
  const A = "https://my-subdomain.authentication.eu10.hana.ondemand.com";
  const B = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com";
  test.each<[changes: object, stored: string, configured: string]>([
    [{ tokenUrl: "https://evil.hana.ondemand.com/oauth/token" }, A, "https://evil.hana.ondemand.com"],
    [{ tokenUrl: `${A}:8443/oauth/token` }, A, `${A}:8443`],
    [{ tokenUrl: tokenUrl.replace("https", "http") }, A, A.replace("https", "http")],
    [{ apiUrl: "https://evil.ml.hana.ondemand.com" }, B, "https://evil.ml.hana.ondemand.com"],
    [{ apiUrl: tokenUrl }, B, A],
    [{ tokenUrl: "no url" }, A, "no url"],
  ])("%o", async (changes, stored, configured) => {
    const failure = await failureOf(() =>
      decodeSecret(encodeSecret(credentials), { tokenUrl, apiUrl, ...changes }),
    );
    expect(failure).toMatchObject({
      exitCode: 4,
      message:
        `Refusing to send the stored secret: it belongs to ${stored} but the configuration points to ${configured}. ` +
        "Run `aicore login` again if this change is intended.",
    });
  });

  test("another path of the same origin is no other place", () => {
    const binding = { tokenUrl, apiUrl: `${apiUrl}/v2`, tenantId };
    expect(decodeSecret(encodeSecret(credentials), binding).apiUrl).toBe(`${apiUrl}/v2`);
  });
});

test("a stored certificate that has expired is told with its date", async () => {
  const blob = JSON.parse(encodeSecret(parseServiceKey(JSON.stringify(x509Key())).credentials).toString());
  const expired = JSON.stringify({ ...blob, certificate: fixture("expired-certificate.pem") });
  const binding = { tokenUrl: blob.tokenOrigin, apiUrl: blob.apiOrigin };
  expect(await failureOf(() => decodeSecret(Buffer.from(expired), binding))).toMatchObject({
    exitCode: 4,
    message: "The certificate of the stored key expired on 2024-01-08.",
  });
});

test.each([SECRET, "[]", '{"v":2}', "{}"])(
  "a damaged secret is told, without a word of it: %s",
  async (text) => {
    const failure = await failureOf(() => decodeSecret(Buffer.from(text), { tokenUrl, apiUrl }));
    expect(failure).toMatchObject({
      exitCode: 4,
      message: "The stored secret cannot be read. Run `aicore login` again.",
    });
  },
);
