/** What a web page in the user's browser can do: nothing (security T1, T2, T4). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { head, raw } from "../support/raw.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: number;
beforeAll(async () => {
  stack = await startStack();
  port = stack.proxy.port;
});
afterAll(() => stack.close());

const BODY = JSON.stringify({
  model: "opus",
  max_tokens: 10,
  messages: [{ role: "user", content: "hello" }],
});

/** A Messages call with a right key; `host` lines stand as they are. */
function callWith(
  hostLines: string,
  headers: Record<string, string | undefined> = {},
  line = "/v1/messages",
) {
  const all = { "content-type": "application/json", ...headers, "x-api-key": KEY };
  const text = head(
    port,
    `POST ${line} HTTP/1.1\r\n${hostLines.replaceAll("PORT", String(port))}`.trimEnd(),
    {
      ...all,
      host: undefined,
      "content-length": BODY.length,
    },
  );
  return raw(port, text + BODY);
}

const seen = () => stack.sandbox.requests.length;

describe("Host", () => {
  test.each([
    ["Host: 127.0.0.1:PORT"],
    ["Host: localhost:PORT"],
    ["Host: LocalHost:PORT"],
    ["Host: [::1]:PORT"],
    ["Host: localhost.:PORT"],
    ["host:127.0.0.1:PORT"],
  ])("%s is ours", async (line) => {
    const before = seen();
    expect((await callWith(line)).status).toBe(200);
    expect(seen()).toBeGreaterThan(before);
  });

  test.each([
    ["another name", "Host: evil.com"],
    ["another name with our port", "Host: evil.com:PORT"],
    ["a name that begins like ours", "Host: localhost.evil.com:PORT"],
    ["a name that ends like ours", "Host: evil.localhost:PORT"],
    ["a name that resolves to loopback", "Host: 127.0.0.1.nip.io:PORT"],
    ["the address of every interface", "Host: 0.0.0.0:PORT"],
    ["the same in IPv6", "Host: [::]:PORT"],
    ["another loopback address", "Host: 127.0.0.2:PORT"],
    ["short form", "Host: 127.1:PORT"],
    ["decimal form", "Host: 2130706433:PORT"],
    ["hexadecimal form", "Host: 0x7f000001:PORT"],
    ["IPv4 in IPv6", "Host: [::ffff:127.0.0.1]:PORT"],
    ["no port", "Host: 127.0.0.1"],
    ["another port", "Host: 127.0.0.1:1"],
    ["two ports", "Host: 127.0.0.1:PORT:PORT"],
    ["two trailing dots", "Host: localhost..:PORT"],
    ["a path", "Host: localhost:PORT/evil.com"],
    ["a list", "Host: localhost:PORT, evil.com"],
    ["empty", "Host:"],
    ["user info", "Host: me@127.0.0.1:PORT"],
    ["user info that looks like us", "Host: 127.0.0.1:PORT@evil.com"],
    ["two headers", "Host: 127.0.0.1:PORT\r\nHost: evil.com"],
    ["two headers, both right", "Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT"],
    ["none", ""],
  ])("%s is refused", async (_, line) => {
    const before = seen();
    const { status, body } = await callWith(line);
    expect(status === 403 || status === 400, `${status} ${body}`).toBe(true);
    expect(seen()).toBe(before);
  });

  test("the refusal names the host, harmlessly", async () => {
    const { status, body } = await callWith("Host: <b>évil.com");
    expect(status).toBe(403);
    expect(JSON.parse(body).error).toMatchObject({
      type: "permission_error",
      message: expect.stringContaining("Host header '<b>??vil.com' is not allowed."),
    });
  });

  test("the absolute form is refused, whatever it names", async () => {
    const before = seen();
    for (const authority of ["evil.com", `127.0.0.1:${port}`]) {
      const { status } = await callWith("Host: 127.0.0.1:PORT", {}, `http://${authority}/v1/messages`);
      expect(status).toBe(400);
    }
    expect(seen()).toBe(before);
  });
});

const ORIGINS = [
  ["no origin", undefined, true],
  ["our own", "http://127.0.0.1:PORT", true],
  ["our own by name", "http://localhost:PORT", true],
  ["another site", "https://evil.com", false],
  ["a site that begins like ours", "http://127.0.0.1.evil.com:PORT", false],
  ["another program on loopback", "http://localhost:1", false],
  ["a sandboxed frame", "null", false],
  ["a file or an extension", "chrome-extension://abc", false],
] as const;
const TYPES = [
  ["application/json", true],
  ["Application/JSON; charset=utf-8", true],
  ["text/plain", false],
  ["text/plain; application/json", false],
  ["application/x-www-form-urlencoded", false],
  ["multipart/form-data; boundary=x", false],
  [undefined, false],
] as const;
const SITES = [
  [undefined, true],
  ["same-origin", true],
  ["none", true],
  ["same-site", false],
  ["cross-site", false],
  ["cross-site, none", false],
] as const;

describe("Origin × content type × Sec-Fetch-Site", () => {
  test.each(ORIGINS)("%s: only what is right in all three goes up", async (_, origin, originFits) => {
    for (const path of ["/v1/messages", "/anthropic/v1/messages/count_tokens"]) {
      for (const [type, typeFits] of TYPES) {
        for (const [site, siteFits] of SITES) {
          const before = seen();
          const answer = await callWith(
            "Host: 127.0.0.1:PORT",
            {
              origin: origin?.replace("PORT", String(port)),
              "content-type": type,
              "sec-fetch-site": site,
            },
            path,
          );
          const expected = !originFits || !siteFits ? 403 : typeFits ? 200 : 415;
          expect(answer.status, `${path} ${type} ${site}`).toBe(expected);
          if (expected !== 200) expect(seen(), `${path} ${type} ${site}`).toBe(before);
        }
      }
    }
  });

  test("a page cannot even look at what is open", async () => {
    for (const path of ["/", "/health", "/api/hello"]) {
      const answer = await stack.get(path, { origin: "https://evil.com" });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });
});
