/** Who gets in (security T7, T15–T19; DESIGN 8 "The door"). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../src/proxy/routes.ts";
import { head, raw } from "../support/raw.ts";
import { KEY, type Stack, startStack, testKey } from "../support/stack.ts";

const PREFIXES = ["", "/anthropic", "/openai", "/gemini", "/v1"];
const OPEN = ["GET /", "GET /health", "GET /api/hello"];
const MESSAGE = { model: "opus", max_tokens: 10, messages: [{ role: "user", content: "hello" }] };

let stack: Stack;
let port: number;
beforeAll(async () => {
  stack = await startStack();
  port = stack.proxy.port;
});
afterAll(() => stack.close());

const inferences = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;

describe("without a key", () => {
  test("the open routes are those three", () => {
    expect(ROUTES.filter(({ open }) => open).map(({ method, path }) => `${method} ${path}`)).toEqual(OPEN);
  });

  test.each(PREFIXES)("every route under '%s' is refused, the open ones excepted", async (prefix) => {
    for (const { method, path } of ROUTES) {
      const concrete = prefix + path.replace(":id{.+}", "opus").replace("*", "keys");
      const isOpen = OPEN.includes(`${method} ${path}`) && prefix !== "/v1";
      const headers = { "x-api-key": undefined };
      const answer =
        method === "GET"
          ? await stack.get(concrete, headers)
          : await fetch(stack.proxy.url + concrete, {
              method,
              body: "{}",
              headers: { "content-type": "application/json" },
            });
      expect([method, concrete, answer.status]).toEqual([method, concrete, isOpen ? 200 : 401]);
    }
    expect(stack.sandbox.requests).toEqual([]);
  });

  test.each([
    ["GET", "/nowhere"],
    ["GET", "/admin"],
    ["POST", "/admin/keys"],
    ["DELETE", "/v1/messages"],
    ["PUT", "/health"],
    ["POST", "/"],
    ["GET", "/health/"],
    ["GET", "/healthy"],
    ["GET", "/v1/health"],
    ["GET", "/api/hello/../../v1/models"],
    ["GET", "/stats"],
    ["GET", "/metrics"],
  ])("%s %s is refused too", async (method, path) => {
    const { status } = await raw(port, head(port, `${method} ${path} HTTP/1.1`, { "content-length": 0 }));
    expect([400, 401]).toContain(status);
  });

  test.each(["?key=", "?api_key=", "?x-api-key=", "?access_token=", "#"])(
    "a key in the query (%s) is none",
    async (query) => {
      const answer = await stack.get(`/v1/models${query}${KEY}`, { "x-api-key": undefined });
      expect(answer.status).toBe(401);
    },
  );

  test("nor is one in a cookie or in basic authorization", async () => {
    const basic = `Basic ${Buffer.from(`user:${KEY}`).toString("base64")}`;
    for (const headers of [{ cookie: `key=${KEY}` }, { authorization: basic }, { authorization: KEY }]) {
      expect((await stack.get("/v1/models", { "x-api-key": undefined, ...headers })).status).toBe(401);
    }
  });
});

describe("with a key", () => {
  test.each([
    [{ authorization: `Bearer ${KEY}` }],
    [{ authorization: `bearer   ${KEY}` }],
    [{ "x-api-key": KEY }],
    [{ "api-key": KEY }],
    [{ "x-goog-api-key": KEY }],
    [{ "x-api-key": "sk-wrong", authorization: `Bearer ${KEY}` }],
    [{ "x-api-key": KEY, authorization: "Bearer wrong" }],
    [{ "x-api-key": "", "api-key": KEY }],
    [{ "x-goog-api-key": KEY, "x-api-key": "wrong", "api-key": "wrong", authorization: "Basic eDp5" }],
  ])("%j lets in", async (headers) => {
    expect((await stack.get("/v1/models", { "x-api-key": undefined, ...headers })).status).toBe(200);
  });

  test("any of several keys does", async () => {
    const several = await startStack({
      proxy: { keys: ["one", " two ", "", "x".repeat(2_000)].map((key) => testKey(key)) },
    });
    const statusFor = async (key: string) => (await several.get("/ready", { "x-api-key": key })).status;
    for (const key of ["one", "two", "x".repeat(2_000)]) expect(await statusFor(key)).not.toBe(401);
    for (const key of ["", " ", "three", "onetwo", "undefined", "null", "x".repeat(2_001)]) {
      expect([key, await statusFor(key)]).toEqual([key, 401]);
    }
    await several.close();
  });

  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])(
    "%s /admin is 403: no admin's",
    async (method) => {
      for (const path of ["/admin", "/admin/", "/admin/keys", "/openai/admin/keys/1"]) {
        const { status } = await raw(
          port,
          head(port, `${method} ${path} HTTP/1.1`, { "x-api-key": KEY, "content-length": 0 }),
        );
        expect([path, status]).toEqual([path, 403]);
      }
    },
  );
});

describe("a wrong key", () => {
  const WRONG: Record<string, string>[] = [
    { "x-api-key": "wrong" },
    { "api-key": KEY.slice(0, -1) },
    { "x-goog-api-key": `${KEY}x` },
    { "x-api-key": `${KEY}, ${KEY}` },
    { "x-api-key": KEY.toUpperCase() },
    { "x-api-key": "x".repeat(8_192) },
    { authorization: `Bearer ${"y".repeat(8_192)}` },
    { authorization: "Bearer" },
    { authorization: "Bearer " },
    { authorization: "" },
    { authorization: "Basic Og==" },
    { "x-api-key": "" },
    { "x-api-key": "' OR 1=1--" },
    { "x-api-key": "'; DROP TABLE keys; --" },
    { "x-api-key": "a\tb" },
    { "x-api-key": "\u00ff\u0080" },
    { "x-api-key": "undefined" },
    { "x-api-key": "__proto__" },
  ];

  test.each(["/v1/messages", "/openai/v1/chat/completions", "/v1beta/models"])(
    "is told the same whatever it is, on %s",
    async (path) => {
      const fresh = await startStack();
      const answers = new Set<string>();
      for (const headers of WRONG) {
        const text = head(fresh.proxy.port, `POST ${path} HTTP/1.1`, { "content-length": 2, ...headers });
        const { status, body } = await raw(fresh.proxy.port, Buffer.from(`${text}{}`, "latin1"));
        answers.add(`${status} ${body}`);
      }
      expect([...answers]).toEqual([expect.stringMatching(/^401 .*Invalid API key\./)]);
      expect(fresh.sandbox.requests).toEqual([]);
      expect(fresh.logged).toEqual([]);
      await fresh.close();
    },
  );

  test("what is no header value at all is not HTTP", async () => {
    const { status } = await raw(port, head(port, "GET /v1/models HTTP/1.1", { "x-api-key": "a\u0001b" }));
    expect(status).toBe(400);
  });

  test("gets slow to guess, and the right one never waits", async () => {
    const fresh = await startStack();
    const statusOf = async (headers: Record<string, string | undefined>) => {
      const { status, headers: told } = await fresh.get("/ready", headers);
      return { status, retryAfter: Number(told.get("retry-after")) };
    };
    for (let i = 0; i < 200; i++) expect((await statusOf({})).status).not.toBe(429);
    for (let i = 0; i < 150; i++) await statusOf({ "x-api-key": undefined });
    for (let i = 0; i < 100; i++) expect((await statusOf({ "x-api-key": `no-${i}` })).status).toBe(401);
    const limited = await statusOf({ "x-api-key": "one too many" });
    expect(limited.status).toBe(429);
    expect(limited.retryAfter).toBeGreaterThan(0);
    expect(limited.retryAfter).toBeLessThanOrEqual(60);
    expect((await statusOf({})).status).not.toBe(429);
    expect((await fresh.post("/v1/messages", MESSAGE)).status).toBe(200);
    expect((await statusOf({ "x-api-key": undefined })).status).toBe(401);
    await fresh.close();
  });
});

describe("--no-auth", () => {
  test("skips the key alone", async () => {
    const door = await startStack({ proxy: { keys: [], noAuth: true } });
    const without = { "x-api-key": undefined };
    const status = async (headers: Record<string, string | undefined>) =>
      (await door.post("/v1/messages", MESSAGE, headers)).status;
    expect(await status(without)).toBe(200);
    expect(await status({ "x-api-key": "any" })).toBe(200);
    const before = door.sandbox.requests.length;
    expect(await status({ ...without, origin: "https://evil.com" })).toBe(403);
    expect(await status({ ...without, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await status({ ...without, "content-type": "text/plain" })).toBe(415);
    expect((await door.get("/admin/keys", without)).status).toBe(403);
    const { port: at } = door.proxy;
    expect((await raw(at, head(at, "GET /v1/models HTTP/1.1", { host: `evil.com:${at}` }))).status).toBe(403);
    expect(door.sandbox.requests.length).toBe(before);
    await door.close();
  });

  test("no keys at all let nobody in", async () => {
    const closed = await startStack({ proxy: { keys: [] } });
    for (const key of ["", "undefined", "x"]) {
      expect((await closed.get("/v1/models", { "x-api-key": key })).status).toBe(401);
    }
    await closed.close();
  });
});

test("nothing of all this was ever sent up", () => {
  expect(inferences()).toBe(0);
});
