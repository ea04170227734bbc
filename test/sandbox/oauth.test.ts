/** protocol.md 2: the spellings of a token call, and what is said to a token that is no good. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { fetchToken, type Reply, send } from "./client.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const GRANT = "grant_type=client_credentials";

interface TokenCall {
  query?: string;
  headers?: Record<string, string>;
  body?: string;
}

function callToken({ query = "", headers = FORM, body = "" }: TokenCall, of = sandbox): Promise<Reply> {
  return send(`${of.url}/oauth/token${query}`, { method: "POST", headers, body });
}

function formOf(values: Record<string, string>): string {
  return new URLSearchParams({ grant_type: "client_credentials", ...values }).toString();
}

const id = () => String(sandbox.serviceKey.clientid);
const secret = () => String(sandbox.serviceKey.clientsecret);
const basic = (pair = `${id()}:${secret()}`) => ({
  authorization: `Basic ${Buffer.from(pair).toString("base64")}`,
});

const SPELLINGS: [name: string, call: () => TokenCall][] = [
  ["a form", () => ({ body: formOf({ client_id: id(), client_secret: secret() }) })],
  ["Basic and a form", () => ({ headers: { ...FORM, ...basic() }, body: GRANT })],
  ["Basic and a query", () => ({ query: `?${GRANT}`, headers: basic() })],
];

test.each(SPELLINGS)("a token for %s", async (_name, call) => {
  const { status, json } = await callToken(call());
  expect(status).toBe(200);
  expect(json).toMatchObject({ token_type: "bearer", expires_in: 43_199, scope: "uaa.resource" });
  expect(json.access_token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
});

const BAD_CREDENTIALS = { error: "unauthorized", error_description: "Bad credentials" };
const FAILURES: [name: string, call: () => TokenCall, status: number, body: object][] = [
  ["a wrong secret", () => ({ body: formOf({ client_id: id(), client_secret: "x" }) }), 401, BAD_CREDENTIALS],
  ["a wrong id", () => ({ body: formOf({ client_id: "x", client_secret: secret() }) }), 401, BAD_CREDENTIALS],
  ["no secret", () => ({ body: formOf({ client_id: id() }) }), 401, BAD_CREDENTIALS],
  [
    "a percent-encoded pair",
    () => ({ headers: { ...FORM, ...basic(`${encodeURIComponent(id())}:x`) }, body: GRANT }),
    401,
    BAD_CREDENTIALS,
  ],
  ["no grant", () => ({ headers: basic() }), 400, { error: "invalid_request" }],
  [
    "another grant",
    () => ({ headers: basic(), query: "?grant_type=password" }),
    400,
    { error: "unsupported_grant_type" },
  ],
  [
    "a form sent as JSON",
    () => ({ headers: { "content-type": "application/json" }, body: GRANT }),
    400,
    { error: "invalid_request" },
  ],
];

test.each(FAILURES)("no token for %s", async (_name, call, status, body) => {
  const answer = await callToken(call());
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject(body);
});

test("an id is enough where a certificate speaks for the client", async () => {
  const of = await startSandbox({ certificate: true });
  const { status } = await callToken({ body: formOf({ client_id: String(of.serviceKey.clientid) }) }, of);
  await of.close();
  expect(status).toBe(200);
});

describe("a token that is no good", () => {
  const listing = (of: Sandbox, authorization?: string) =>
    send(`${of.url}/v2/lm/deployments`, {
      group: "default",
      headers: authorization === undefined ? {} : { authorization },
    });
  const elsewhere = `x.${Buffer.from('{"iss":"https://other.example/oauth/token"}').toString("base64url")}.x`;

  test.each([
    ["absent", undefined, 403, "RBAC: access denied"],
    ["garbage", "Bearer garbage", 401, "Jwt verification fails"],
    ["not a bearer", "Basic eDp5", 401, "Jwt verification fails"],
    ["of another issuer", `Bearer ${elsewhere}`, 401, "Jwt issuer is not configured"],
  ])("%s", async (_name, authorization, status, text) => {
    const answer = await listing(sandbox, authorization);
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers["content-type"]).toBe("text/plain");
  });

  async function fate(options: SandboxOptions, then: (of: Sandbox) => void): Promise<string> {
    const of = await startSandbox(options);
    const token = await fetchToken(of);
    then(of);
    const { status, text } = await listing(of, `Bearer ${token}`);
    await of.close();
    return `${status} ${text}`;
  }

  test("expired", async () => expect(await fate({ tokenLifetime: 0 }, () => {})).toBe("401 Jwt is expired"));
  test("revoked", async () =>
    expect(await fate({}, (of) => of.revokeTokens())).toBe("401 Jwt verification fails"));
});
