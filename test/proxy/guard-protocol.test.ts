/** What is not an ordinary HTTP/1.1 call of a known route (security T3, T5, T15, T22, T23; B24, B27, B28). */
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../src/proxy/routes.ts";
import { head, raw } from "../support/raw.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: number;
const inferences = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;
beforeAll(async () => {
  stack = await startStack();
  port = stack.proxy.port;
  await stack.catalog.refresh();
});
afterAll(() => stack.close());
/** Nothing in this file is ever sent up. */
afterEach(() => expect(inferences()).toBe(0));

const ask = (line: string, headers: Record<string, string | number | undefined> = {}) =>
  raw(port, head(port, line, { "x-api-key": KEY, ...headers }));
const UPGRADE = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "dGhlIHNhbXBsZQ==" };

describe("protocol", () => {
  test.each([
    ["HTTP/1.0", "GET /v1/models HTTP/1.0", {}, 400],
    ["HTTP/1.0 without a host", "GET /health HTTP/1.0", { host: undefined }, 400],
    ["HTTP/0.9", "GET /health", {}, 400],
    ["HTTP/2 by prior knowledge", "PRI * HTTP/2.0", {}, 400],
    ["no host", "GET /health HTTP/1.1", { host: undefined }, 400],
    ["TRACE", "TRACE /v1/messages HTTP/1.1", {}, 405],
    ["TRACE without a key", "TRACE /health HTTP/1.1", { "x-api-key": undefined }, 401],
    ["an unknown method", "BREW /v1/messages HTTP/1.1", {}, 400],
    ["a method of WebDAV", "PROPFIND /v1/models HTTP/1.1", {}, 405],
    ["CONNECT", "CONNECT 127.0.0.1:80 HTTP/1.1", {}, 0],
    ["CONNECT with a path", "CONNECT /v1/messages HTTP/1.1", {}, 0],
    [
      "both lengths",
      "POST /v1/messages HTTP/1.1",
      { "content-length": 2, "transfer-encoding": "chunked" },
      400,
    ],
    ["a length that is none", "POST /v1/messages HTTP/1.1", { "content-length": "2, 3" }, 400],
    ["headers of 20 kB", "GET /v1/models HTTP/1.1", { "x-filler": "x".repeat(20_000) }, 431],
    ["a star", "OPTIONS * HTTP/1.1", {}, 400],
  ])("%s", async (_, line, headers, status) => {
    expect((await ask(line, headers)).status).toBe(status);
  });

  test.each([
    ["with a key on /v1/responses", "GET /v1/responses HTTP/1.1", {}, 426],
    ["under a prefix", "GET /openai/v1/responses?x=1 HTTP/1.1", {}, 426],
    ["on a doubled /v1", "GET /v1/v1/responses HTTP/1.1", {}, 426],
    ["without a key", "GET /v1/responses HTTP/1.1", { "x-api-key": undefined }, 0],
    ["with a wrong key", "GET /v1/responses HTTP/1.1", { "x-api-key": "no" }, 0],
    ["from a web page", "GET /v1/responses HTTP/1.1", { origin: "https://evil.com" }, 0],
    ["to another host", "GET /v1/responses HTTP/1.1", { host: "evil.com" }, 0],
    ["elsewhere", "GET /v1/messages HTTP/1.1", {}, 0],
    ["on an open route", "GET /health HTTP/1.1", {}, 0],
    ["to HTTP/2", "POST /v1/messages HTTP/1.1", { upgrade: "h2c" }, 0],
  ])("upgrade %s", async (_, line, headers, status) => {
    const answer = await ask(line, { ...UPGRADE, ...headers });
    expect(answer.status).toBe(status);
    if (status === 426) {
      expect(answer.headers).toMatchObject({ connection: "close", "x-aicore-error-origin": "aicore" });
      expect(answer.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{24}$/);
    }
  });

  test("200 aborted upgrades leave nothing behind", async () => {
    const attempts = Array.from({ length: 200 }, () => ask("GET /nowhere HTTP/1.1", UPGRADE));
    expect(new Set((await Promise.all(attempts)).map(({ status }) => status))).toEqual(new Set([0]));
    expect((await stack.get("/health")).status).toBe(200);
  });

  test("several requests on one connection are each looked at", async () => {
    const one = head(port, "GET /health HTTP/1.1");
    const two = head(port, "GET /v1/models HTTP/1.1", { connection: "close" });
    const text = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connect(port, "127.0.0.1", () => socket.write(one + two));
      socket.on("data", (chunk) => {
        all += chunk;
      });
      socket.on("close", () => resolve(all));
    });
    expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 401"]);
  });
});

describe("paths", () => {
  test.each([
    ["/v1/../admin", 400],
    ["/v1/./messages", 400],
    ["/v1/messages/..", 400],
    ["/v1/%2e%2e/admin", 400],
    ["/v1/.%2E/admin", 400],
    ["/v1%2fmessages", 400],
    ["/v1%2Fmessages", 400],
    ["/v1%5cmessages", 400],
    ["/v1\\messages", 400],
    ["/v1/messages%00", 400],
    ["//v1/messages", 400],
    ["/v1//messages", 400],
    ["//evil.com/v1/messages", 400],
    ["/admin//keys", 400],
    ["/v1/messages/", 404],
    ["/v1/messages;x=1", 404],
    ["/V1/MESSAGES", 404],
    ["/%761/messages", 404],
    ["/v1/message%73", 404],
    ["/v1/messages%20", 404],
    ["/v2/messages", 404],
    ["/anthropic/anthropic/v1/messages", 404],
    ["/anthropicv1/messages", 404],
    ["/%61dmin/keys", 404],
    ["/v1/admin/keys", 404],
    ["/v1/messages/batches", 404],
    ["/__proto__", 404],
    ["/constructor", 404],
  ])("%s is %i and no other route", async (path, status) => {
    const body = '{"model":"opus","max_tokens":1,"messages":[{"role":"user","content":"x"}]}';
    for (const method of ["GET", "POST"]) {
      const length = method === "POST" ? body.length : 0;
      const headers = { "x-api-key": KEY, "content-type": "application/json", "content-length": length };
      const answer = await raw(
        port,
        head(port, `${method} ${path} HTTP/1.1`, headers) + body.slice(0, length),
      );
      expect([method, answer.status]).toEqual([method, status]);
    }
  });

  test("an unknown path lists the routes, in the dialect of its prefix", async () => {
    const errors = async (path: string) =>
      ((await (await stack.get(path)).json()) as { error: object }).error;
    const message = expect.stringMatching(
      /There is no such path\..*POST \/v1\/messages, .*GET \/v1\/models\/:id/,
    );
    expect(await errors("/nowhere")).toEqual({ type: "not_found_error", message });
    expect(await errors("/anthropic/nowhere")).toEqual({ type: "not_found_error", message });
    expect(await errors("/openai/nowhere")).toEqual({
      type: "invalid_request_error",
      message,
      param: null,
      code: "not_found",
    });
    expect(await errors("/v1/moderations")).toMatchObject({ code: "not_found" });
    expect(await errors("/gemini/nowhere")).toEqual({ code: 404, message, status: "NOT_FOUND" });
    expect(await errors("/v1beta/files")).toMatchObject({ status: "NOT_FOUND" });
  });

  test.each([
    ["DELETE", "/v1/messages", "POST"],
    ["GET", "/v1/messages", "POST"],
    ["HEAD", "/v1/messages/count_tokens", "POST"],
    ["POST", "/v1/models", "GET, HEAD"],
    ["PUT", "/v1/models/opus", "POST, GET, HEAD"],
    ["POST", "/health", "GET, HEAD"],
    ["PATCH", "/openai/v1beta/models", "GET, HEAD"],
  ])("%s %s is 405 and tells what is allowed", async (method, path, allow) => {
    const answer = await ask(`${method} ${path} HTTP/1.1`, { "content-length": 0 });
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    expect(answer.headers["x-should-retry"]).toBe("false");
  });
});

describe("CORS", () => {
  test("no route answers OPTIONS, and none has an access-control header", async () => {
    for (const { path } of ROUTES) {
      for (const origin of [undefined, "https://evil.com", stack.proxy.url]) {
        for (const method of ["OPTIONS", "GET"]) {
          const answer = await ask(`${method} ${path.replace(/:id.*|\*/, "x")} HTTP/1.1`, {
            origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-api-key",
            "access-control-request-private-network": "true",
          });
          if (method === "OPTIONS") expect(answer.status).toBe(403);
          expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
        }
      }
    }
  });
});

test("only loopback reaches it", async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80"))
    .map(({ address }) => address);
  const reachable = (host: string) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host, port, timeout: 2_000 }, () => resolve(true));
      socket.on("error", () => resolve(false)).on("timeout", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
  expect(await reachable("127.0.0.1")).toBe(true);
  for (const host of ["::1", "127.0.0.2", ...others])
    expect([host, await reachable(host)]).toEqual([host, false]);
  expect(stack.proxy.url).toBe(`http://127.0.0.1:${port}`);
});
