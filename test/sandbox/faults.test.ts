/** Each fault, as a client meets it. */
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Fault, type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { body } from "./claude/bodies.ts";
import { Client, eventsIn, fetchToken } from "./client.ts";

const MODEL = "anthropic--claude-4.6-opus";
let sandbox: Sandbox;
let client: Client;
let stream: () => ReturnType<Client["call"]>;
let deployment: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  client = await Client.of(sandbox);
  deployment = await client.deploymentOf(MODEL);
  const path = `/inference/deployments/${deployment}/invoke-with-response-stream`;
  stream = () => client.call(path, { method: "POST", body: body() });
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const THROTTLE = {
  type: "error",
  message: "ThrottlingException: Too many tokens, please wait before trying again.",
};

describe("instead of the answer", () => {
  test("a status with headers and JSON, once", async () => {
    sandbox.faults.add({
      status: 429,
      headers: { "retry-after": "7" },
      body: { message: "Too many tokens" },
    });
    const answer = await stream();
    expect(answer).toMatchObject({ status: 429, json: { message: "Too many tokens" } });
    expect(answer.headers).toMatchObject({ "retry-after": "7", "content-type": "application/json" });
    expect((await stream()).status).toBe(200);
  });

  test("a status with text, so many times", async () => {
    sandbox.faults.add({ status: 503, body: "upstream connect error", times: 2 });
    const statuses = [await stream(), await stream(), await stream()].map(({ status }) => status);
    expect(statuses).toEqual([503, 503, 200]);
  });

  test("200 and an error as the first event", async () => {
    sandbox.faults.add({ firstEvent: THROTTLE });
    const { status, text } = await stream();
    expect(status).toBe(200);
    expect(eventsIn(text)).toEqual([THROTTLE]);
  });

  test("a redirect", async () => {
    sandbox.faults.add({ redirect: "http://127.0.0.1:1/" });
    const answer = await stream();
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe("http://127.0.0.1:1/");
  });

  test("bytes that are not HTTP", async () => {
    sandbox.faults.add({ garbage: "\x16\x03\x01 hello" });
    await expect(stream()).rejects.toThrow("Response does not match the HTTP/1.1 protocol");
  });

  test("silence, until the caller gives up", async () => {
    sandbox.faults.add({ silence: true });
    const controller = new AbortController();
    const path = `/inference/deployments/${deployment}/invoke`;
    const waiting = client.call(path, { method: "POST", body: body(), signal: controller.signal });
    await sandbox.waitFor(({ path: at, faulted }) => at.endsWith(path) && faulted);
    controller.abort();
    await expect(waiting).rejects.toThrow();
    expect(await sandbox.waitFor(({ aborted }) => aborted)).toMatchObject({ status: 0, complete: false });
  });

  test("is no refusal", async () => {
    const before = sandbox.refused.length;
    sandbox.faults.add({ status: 400, body: { message: "invalid beta flag" } });
    await stream();
    expect(sandbox.refused).toHaveLength(before);
  });
});

describe("to the stream", () => {
  test("a reset, after the events before it have arrived", async () => {
    sandbox.faults.add({ afterEvents: 2, ending: "reset" });
    const path = `/inference/deployments/${deployment}/invoke-with-response-stream`;
    const { body: stream } = await client.open(path, { method: "POST", body: body() });
    let arrived = "";
    const reading = async () => {
      for await (const chunk of stream) arrived += String(chunk);
    };
    await expect(reading()).rejects.toMatchObject({
      code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/),
    });
    expect(eventsIn(arrived).map(({ type }) => type)).toEqual(["message_start", "content_block_start"]);
    const newest = sandbox.requests.at(-1);
    expect(await sandbox.waitFor((record) => record === newest && record.done)).toMatchObject({
      complete: false,
      aborted: false,
    });
  });

  test("an end after some events, and no usage noted", async () => {
    const before = sandbox.usage.length;
    sandbox.faults.add({ afterEvents: 3, ending: "end" });
    const events = eventsIn((await stream()).text);
    expect(events.map(({ type }) => type)).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
    ]);
    expect(sandbox.usage).toHaveLength(before);
  });

  test("an error after some events", async () => {
    sandbox.faults.add({ afterEvents: 1, ending: THROTTLE });
    const events = eventsIn((await stream()).text);
    expect(events.map(({ type }) => type)).toEqual(["message_start", "error"]);
  });

  test("a socket that stays open after the last event", async () => {
    sandbox.faults.add({ afterEvents: 1_000, ending: "silence" });
    const controller = new AbortController();
    const path = `/inference/deployments/${deployment}/invoke-with-response-stream`;
    const waiting = client.call(path, { method: "POST", body: body(), signal: controller.signal });
    const record = await sandbox.waitFor(({ faulted, complete, done }) => faulted && complete && !done);
    controller.abort();
    await expect(waiting).rejects.toThrow();
    await sandbox.waitFor((one) => one === record && one.done);
    expect(record.aborted).toBe(false);
  });

  test("silence after some events", async () => {
    sandbox.faults.add({ afterEvents: 1, ending: "silence" });
    const answer = await client.open(`/inference/deployments/${deployment}/invoke-with-response-stream`, {
      method: "POST",
      body: body(),
    });
    const first = await answer.body[Symbol.asyncIterator]().next();
    answer.body.on("error", () => {});
    answer.body.destroy();
    expect(String(first.value)).toContain("message_start");
    const record = await sandbox.waitFor(({ aborted, status }) => aborted && status === 200);
    expect(record.complete).toBe(false);
  });
});

describe("to the bytes", () => {
  const whole = async () => eventsIn((await stream()).text);

  test.each<[string, Fault]>([
    ["byte by byte", { split: "bytes" }],
    ["in pieces of 7", { split: 7 }],
    ["with CRLF", { sse: ["crlf"] }],
    ["with a byte-order mark", { sse: ["bom"] }],
    ["with events over several lines", { sse: ["multiline"] }],
    ["with comments", { sse: ["comments"] }],
    ["with event lines", { sse: ["named"] }],
    ["with all of them", { sse: ["crlf", "bom", "multiline", "comments", "named"], split: 3 }],
    ["late", { delay: 1 }],
    ["with headers of its own", { headers: { "x-more": "1" } }],
  ])("%s: another writing, the same events", async (_name, fault) => {
    const plain = await whole();
    sandbox.faults.add(fault);
    expect(await whole()).toEqual(plain);
  });

  test("the writings are really others", async () => {
    const texts = [];
    for (const quirk of ["crlf", "bom", "multiline", "comments", "named"] as const) {
      sandbox.faults.add({ sse: [quirk] });
      texts.push((await stream()).text);
    }
    expect(texts[0]).toMatch(/\}\r\n\r\n/);
    expect(texts[1]?.codePointAt(0)).toBe(0xfeff);
    expect(texts[2]).toMatch(/^data: \{\ndata: {2}"type"/);
    expect(texts[3]).toMatch(/^: keep-alive\n\n/);
    expect(texts[4]).toMatch(/^event: message_start\ndata: /);
  });

  test("gzip that nobody asked for", async () => {
    sandbox.faults.add({ gzip: true });
    const answer = await client.open(`/inference/deployments/${deployment}/invoke`, {
      method: "POST",
      body: body(),
    });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(await answer.body.bytes()).toString())).toMatchObject({ type: "message" });
  });

  test("a content length that is too long", async () => {
    sandbox.faults.add({ contentLength: 9_999_999 });
    await expect(stream()).rejects.toThrow();
  });
});

describe("aimed", () => {
  test("at the token endpoint", async () => {
    sandbox.faults.add({ path: "/oauth/token", status: 502, body: "<html>Bad Gateway</html>" });
    expect(await fetchToken(sandbox)).toBe("undefined");
    expect(await fetchToken(sandbox)).toMatch(/^eyJ/);
  });

  test("at a management path", async () => {
    sandbox.faults.add({ path: /\/lm\/deployments\?/, status: 500 });
    expect((await client.call("/lm/deployments?$top=1")).status).toBe(500);
  });

  test("at nothing but inference without a path", async () => {
    sandbox.faults.add({ status: 500 });
    expect((await client.call("/lm/deployments")).status).toBe(200);
    expect((await stream()).status).toBe(500);
  });

  test("at a model or a deployment", async () => {
    sandbox.faults.add({ model: "anthropic--claude-4.8-opus", status: 500 });
    sandbox.faults.add({ deployment, status: 501 });
    expect((await stream()).status).toBe(501);
    expect((await client.invoke("anthropic--claude-4.8-opus", body())).status).toBe(500);
  });

  test("a misspelt one is refused", () => {
    expect(() => sandbox.faults.add({ statsu: 500 } as Fault)).toThrow('unknown fault key "statsu"');
  });
});

test("waits for a caller that hangs up in the middle of a paced stream", async () => {
  const slow = await startSandbox({ pace: 60_000 });
  const other = await Client.of(slow);
  const id = await other.deploymentOf(MODEL);
  const controller = new AbortController();
  const answer = await other.open(`/inference/deployments/${id}/invoke-with-response-stream`, {
    method: "POST",
    body: body(),
    signal: controller.signal,
  });
  answer.body.on("error", () => {});
  await answer.body[Symbol.asyncIterator]().next();
  controller.abort();
  const record = await slow.waitFor(({ aborted }) => aborted);
  await slow.close();
  expect(record).toMatchObject({ status: 200, deployment: id, complete: false });
  expect(slow.usage).toEqual([]);
});
