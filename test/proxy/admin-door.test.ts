/** Who gets to /admin, and what the others learn (security T16). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../src/proxy/routes.ts";
import { head, raw } from "../support/raw.ts";
import { KEY, startStack, testKey } from "../support/stack.ts";
import { startTeam, type Team } from "../support/team.ts";

let team: Team;
let member: string;
beforeAll(async () => {
  team = await startTeam();
  member = await team.newKey({ name: "member" });
});
afterAll(() => team.close());

const REAL = ROUTES.filter(({ path }) => path.startsWith("/admin/")).map(({ method, path }) => [
  method,
  path.replace(":id", "member"),
]);
const ASKED = [
  ...REAL,
  ["GET", "/admin"],
  ["GET", "/admin/"],
  ["GET", "/admin/nothing"],
  ["PUT", "/admin/keys"],
  ["PATCH", "/admin/keys/member"],
  ["DELETE", "/admin"],
  ["PROPFIND", "/admin/keys"],
  ["TRACE", "/admin/keys"],
  ["POST", "/admin/keys?key=x"],
] as const;
const PREFIXES = ["", "/anthropic", "/openai", "/gemini"];

/** Status and body, and every header that could tell something. */
async function asked(method = "", path = "", headers: Record<string, string> = {}): Promise<string> {
  const { port } = team.proxy;
  const said = head(port, `${method} ${path} HTTP/1.1`, { ...headers, "content-length": 0 });
  const answer = await raw(port, said);
  const { allow, "content-type": type } = answer.headers;
  return `${answer.status} ${allow} ${type} ${answer.body}`;
}

test.each([
  ["no key", {}, /^401 undefined .*Missing API key/],
  ["a wrong key", { "x-api-key": "aic_wrong" }, /^401 undefined .*Invalid API key/],
  ["an empty key", { authorization: "Bearer " }, /^401 /],
  ["the word undefined", { "x-api-key": "undefined" }, /^401 /],
])("%s gets 401, wherever it knocks", async (_name, headers, expected) => {
  const answers = await Promise.all(
    ASKED.map(([method, path]) => asked(method, path, headers as Record<string, string>)),
  );
  expect(answers.filter((answer) => !expected.test(answer))).toEqual([]);
});

describe.each(PREFIXES)("under '%s'", (prefix) => {
  test("no key gets 401", async () => {
    const answers = await Promise.all(ASKED.map(([method, path]) => asked(method, prefix + path)));
    expect(answers.filter((answer) => !answer.startsWith("401 "))).toEqual([]);
  });

  test.each([
    ["the local key", () => KEY],
    ["a key of the team", () => member],
  ])("%s gets 403, wherever it knocks", async (_name, key) => {
    const answers = await Promise.all(
      ASKED.map(([method, path]) => asked(method, prefix + path, { "x-api-key": key() })),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^403 undefined application\/json .*"permission_error".*"hint":/);
  });
});

test("an admin's key is accepted in any header, and never in the query", async () => {
  const headers = [
    { authorization: `Bearer ${team.admin}` },
    { "x-api-key": team.admin },
    { "api-key": team.admin },
    { "x-goog-api-key": team.admin },
  ];
  for (const each of headers) expect(await asked("GET", "/admin/keys", each)).toMatch(/^200 /);
  expect(await asked("GET", `/admin/keys?key=${team.admin}`)).toMatch(/^401 /);
  expect(
    await asked("GET", "/admin/keys", { "x-api-key": team.admin, origin: "https://evil.example" }),
  ).toMatch(/^403 /);
});

test("to an admin, what is not there is 404, and a wrong method 405", async () => {
  expect((await team.manage("GET", "/admin/nothing")).status).toBe(404);
  expect((await team.manage("GET", "/admin")).status).toBe(404);
  const wrong = await team.manage("PUT", "/admin/keys", {});
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, POST, HEAD"]);
  expect(await wrong.json()).toEqual({
    type: "error",
    error: { type: "invalid_request_error", message: "PUT is not allowed on /admin/keys." },
  });
});

test("an admin's key asks models too", async () => {
  const body = { model: "opus", max_tokens: 10, messages: [{ role: "user", content: "Hello" }] };
  expect((await team.post("/v1/messages", body, { "x-api-key": team.admin })).status).toBe(200);
});

test("an admin's key that expires is none any more", async () => {
  const expiresAt = Date.now() - 1;
  const old = await startStack({
    proxy: { keys: [testKey("old", { id: "key_0", role: "admin", expiresAt })] },
  });
  expect((await old.get("/admin/keys", { "x-api-key": "old" })).status).toBe(401);
  await old.close();
});

test("where no admin key exists, nobody gets in; where no database is, an admin is told", async () => {
  const bare = await startStack({ proxy: { keys: [testKey(KEY), testKey("boss", { role: "admin" })] } });
  expect((await bare.get("/admin/keys")).status).toBe(403);
  for (const [method = "", path = ""] of REAL.filter(([, path]) => !/openapi|refresh/.test(path ?? ""))) {
    const answer = await fetch(bare.proxy.url + path, {
      method,
      headers: { "x-api-key": "boss", "content-type": "application/json" },
      ...(method === "POST" && { body: '{"name":"x"}' }),
    });
    expect([path, answer.status]).toEqual([path, 503]);
    expect(await answer.json()).toMatchObject({
      error: { type: "overloaded_error", hint: expect.stringContaining("aicore serve") },
    });
  }
  await bare.close();
});
