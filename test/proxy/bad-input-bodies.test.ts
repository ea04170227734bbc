/** Bodies as no ordinary client sends them: too large, lying about their length, strange inside (B6, B9, B26, B30). */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunked, head, raw } from "../support/raw.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: number;
beforeAll(async () => {
  stack = await startStack();
  port = stack.proxy.port;
});
afterAll(() => stack.close());

const inferences = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference");
const MB = 1024 * 1024;
const JSON_KEY = { "content-type": "application/json", "x-api-key": KEY };
const say = (text: string) => ({
  model: "sonnet",
  max_tokens: 1_000,
  messages: [{ role: "user", content: text }],
});

function said(headers: Record<string, string | number>, body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(head(port, "POST /v1/messages HTTP/1.1", { ...JSON_KEY, ...headers })),
    body,
  ]);
}

describe("B6 larger than 32 MB", () => {
  const large = Buffer.alloc(33 * MB, " ");
  const TOO_LARGE = { type: "request_too_large", message: "Request is larger than 32 MB." };

  test.each([
    ["with its length", () => said({ "content-length": large.length }, large)],
    ["in chunks", () => said({ "transfer-encoding": "chunked" }, chunked(large))],
    [
      "with Expect: 100-continue",
      () => said({ "content-length": large.length, expect: "100-continue" }, large),
    ],
  ])("%s: the 413 arrives, also at a client that reads only when it has written all", async (_, bytes) => {
    for (const writeFirst of [false, true]) {
      const { status, body, reset, headers } = await raw(port, bytes(), { writeFirst });
      expect([status, reset]).toEqual([413, false]);
      expect(JSON.parse(body).error).toEqual(TOO_LARGE);
      expect(headers).toMatchObject({ connection: "close", "x-should-retry": "false" });
    }
    expect(inferences()).toEqual([]);
  });

  test.each([
    ["413 with a key", JSON_KEY, "HTTP/1.1 413"],
    ["401 without one", { "content-type": "application/json" }, "HTTP/1.1 401"],
  ])("a client that writes piece by piece gets its %s and no reset", async (_, headers, expected) => {
    const text = head(port, "POST /v1/messages HTTP/1.1", { ...headers, "content-length": large.length });
    const { answer, error } = await trickle(text, large);
    expect(error).toBeUndefined();
    expect(answer).toContain(expected);
    expect(answer).toContain("connection: close");
  });

  test("a length that promises too much is believed", async () => {
    const { status } = await raw(port, said({ "content-length": 10_000 * MB }, Buffer.from("{}")));
    expect(status).toBe(413);
  });

  test("a length that promises too little cuts the body; the rest is not taken for a request", async () => {
    const body = Buffer.from(JSON.stringify(say("hello")));
    const { status } = await raw(port, said({ "content-length": 10 }, body));
    expect(status).toBe(400);
    const smuggled = Buffer.from(`{}${head(port, "GET /health HTTP/1.1")}`);
    expect((await raw(port, said({ "content-length": 2 }, smuggled))).status).toBe(400);
    expect(inferences()).toEqual([]);
  });

  test("a client that leaves in mid-body harms nobody", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(said({ "content-length": 1_000 }, Buffer.from('{"model":')), () =>
          socket.resetAndDestroy(),
        );
      });
      socket.on("close", () => resolve()).on("error", () => {});
    });
    expect((await stack.get("/health")).status).toBe(200);
  });

  test("a client that never stops is cut off in the end", async () => {
    const endless = said({ "transfer-encoding": "chunked" }, chunked(Buffer.alloc(100 * MB, " ")));
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const first = new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(String(chunk))));
    const closed = new Promise<void>((resolve) => socket.on("error", () => {}).on("close", () => resolve()));
    socket.write(endless);
    expect(await first).toMatch(/^HTTP\/1\.1 413 /);
    await closed;
    expect(socket.bytesWritten).toBeGreaterThan(32 * MB);
  });

  test("just under the limit it is read", async () => {
    const body = Buffer.from(JSON.stringify({ ...say("hello"), padding: "x".repeat(31 * MB) }));
    expect((await raw(port, said({ "content-length": body.length }, body))).status).toBe(200);
  });
});

describe("bodies of millions of characters that are not JSON are told apart quickly and without a failure", () => {
  test.each([
    ["one string without an end", `{"a":"${"x".repeat(20 * MB)}`, 6],
    ["a string, then nothing", `{"a":"${"x".repeat(20 * MB)}"`, 20 * MB + 8],
    ["many values", `{"a":[${"1,".repeat(4 * MB)}`, 8 * MB + 7],
    ["much space", `{"a":1${" ".repeat(20 * MB)}x`, 20 * MB + 7],
    ["many escapes", `{"a":"${"\\n".repeat(4 * MB)}\\q"}`, 6],
  ])("%s", async (_, text, column) => {
    const answer = await stack.post("/v1/messages", text);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { message: `Request body is not valid JSON (line 1, column ${column}).` } },
    ]);
  });
});

describe("B9 names that mean something to JavaScript", () => {
  test.each([
    [
      "__proto__ at the top",
      (json: string) => json.replace("{", '{"__proto__":{"admin":true,"stream":true},'),
    ],
    ["constructor", (json: string) => json.replace("{", '{"constructor":{"prototype":{"admin":true}},')],
    [
      "__proto__ in a message",
      (json: string) => json.replace('{"role"', '{"__proto__":{"admin":true},"role"'),
    ],
    ["a key twice: the last holds", (json: string) => json.replace("{", '{"model":"gpt-9","max_tokens":-1,')],
    ["a key twice in a message", (json: string) => json.replace('{"role"', '{"role":"tool","role"')],
    ["an escaped key", (json: string) => json.replace('"model"', '"mod\\u0065l"')],
    ["hasOwnProperty", (json: string) => json.replace("{", '{"hasOwnProperty":1,"toString":2,"toJSON":3,')],
  ])("%s", async (_, spoil) => {
    const answer = await stack.post("/v1/messages", spoil(JSON.stringify(say("Say: fine"))));
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    expect(JSON.parse(text).content).toEqual([{ type: "text", text: "fine" }]);
    expect(({} as { admin?: true }).admin).toBeUndefined();
    expect(stack.sandbox.refused).toEqual([]);
  });

  test("a tool's input keeps them", async () => {
    const input = '{"__proto__":{"x":1},"constructor":"c"}';
    const body = `{"model":"sonnet","max_tokens":100,"tools":[{"name":"t","input_schema":{"type":"object"}}],"messages":[
      {"role":"user","content":"go"},
      {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"t","input":${input}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"ok"}]}]}`;
    expect((await stack.post("/v1/messages", body)).status).toBe(200);
    expect(inferences().at(-1)?.body).toContain(input);
  });
});

describe("B30 text of any kind comes back as it was", () => {
  test.each([
    ["a lone high surrogate", "a\ud800b"],
    ["a lone low surrogate", "\udc00"],
    ["reversed surrogates", "\udc00\ud800"],
    ["NUL and control characters", "a\u0000\u0001\u001b[2J\u007fb"],
    ["emojis", "😀👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["bidi controls and separators", "\u202eabc\u2028\u2029\ufeff"],
    ["what looks like SSE", "data: [DONE]\n\nevent: message_stop\n\n"],
    ["a template", "{{?name}} %s $1"],
  ])("%s", async (_, text) => {
    for (const stream of [false, true]) {
      const answer = await stack.post("/v1/messages", { ...say(`[${text}]`), stream });
      const body = await answer.text();
      expect(answer.status, body).toBe(200);
      expect(stream ? streamed(body) : JSON.parse(body).content[0].text).toContain(`[${text}]`);
      const sent = JSON.parse(inferences().at(-1)?.body ?? "");
      expect(JSON.stringify(sent.messages)).toContain(JSON.stringify(`[${text}]`).slice(1, -1));
    }
  });

  test("a million emojis", async () => {
    const answer = await stack.post("/v1/messages", say("😀".repeat(1_000_000)));
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain("\ufffd");
    const counted = await stack.post("/v1/messages/count_tokens", say("😀".repeat(1_000_000)));
    expect(await counted.json()).toEqual({ input_tokens: expect.any(Number) });
  });
});

test("B26 a header that is no line is not HTTP", async () => {
  for (const beta of ["a\r\nb", "a\r\n b", "a\nb", "a\u0000b"]) {
    const { status, headers } = await raw(
      port,
      said({ "content-length": 2, "anthropic-beta": beta }, Buffer.from("{}")),
    );
    expect([beta, status]).toEqual([beta, 400]);
    expect(headers["x-request-id"]).toMatch(/^req_/);
  }
});

test("all the while the proxy had nothing to complain about", () => {
  expect(stack.logged.filter((line) => / (warn|error) /.test(line))).toEqual([]);
});

function streamed(body: string): string {
  const lines = body.split("\n").filter((line) => line.startsWith("data: "));
  return lines.map((line) => JSON.parse(line.slice(6)).delta?.text ?? "").join("");
}

/** Writes a megabyte at a time, each after the last has left, reads nothing meanwhile, and then what there is. */
function trickle(text: string, body: Buffer): Promise<{ answer: string; error: unknown }> {
  return new Promise((resolve) => {
    let answer = "";
    let error: unknown;
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () =>
      socket.write(text, () => next(0)),
    );
    const next = (at: number) => {
      if (error !== undefined) return;
      if (at < body.length) socket.write(body.subarray(at, at + MB), () => setImmediate(next, at + MB));
      else
        socket.on("data", (chunk) => {
          answer += chunk;
        });
    };
    socket.on("end", () => socket.end());
    socket.on("error", (each) => {
      error = each;
    });
    socket.on("close", () => resolve({ answer, error }));
  });
}
