/** The gate before a model, the shape of refusals, and the framing of answers (protocol 4.0, 4a.6, 4a.7, 6). */
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { adaptive, body, user } from "./claude/bodies.ts";
import { Client, eventsIn } from "./client.ts";

const MODEL = "anthropic--claude-4.6-opus";
let sandbox: Sandbox;
let client: Client;
let deployment: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  client = await Client.of(sandbox);
  deployment = await client.deploymentOf(MODEL);
});
afterAll(() => sandbox.close());

const path = (subpath: string, id = deployment) => `/inference/deployments/${id}/${subpath}`;
const post = (to: string, options = {}) => client.call(to, { method: "POST", body: body(), ...options });

describe("the gate", () => {
  test.each([
    ["an unknown deployment", () => path("invoke", "d000"), {}, 404, "Deployment ID not found"],
    [
      "a deployment of another group",
      () => path("invoke"),
      { group: "team-blue" },
      404,
      "Deployment ID not found",
    ],
    ["no group", () => path("invoke"), { group: "" }, 403, "RBAC: access denied"],
    ["an unknown sub-path", () => path("messages"), {}, 404, "Subpath not allowed"],
    ["a query of the client's", () => path("invoke?beta=true"), {}, 404, "Subpath not allowed"],
    ["a trailing slash", () => path("invoke/"), {}, 404, "Subpath not allowed"],
    ["a body that is not JSON", () => path("invoke"), { body: "{" }, 400, "Malformed input request"],
    [
      "another content type",
      () => path("invoke"),
      { headers: { "content-type": "text/plain" } },
      415,
      "application/json",
    ],
  ])("%s", async (_name, to, options, status, text) => {
    const answer = await post(to(), options);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });

  test("a stopped deployment has no one listening", async () => {
    const { json } = await client.call("/lm/deployments?status=STOPPED&scenarioId=orchestration");
    const id = JSON.stringify(json).match(/"id":"(\w+)"/)?.[1];
    expect(await post(path("completion", id))).toMatchObject({ status: 503, text: "no healthy upstream" });
  });

  test.each([
    ["x-api-key", "k"],
    ["anthropic-version", "2023-06-01"],
    ["anthropic-beta", "effort-2025-11-24"],
    ["cookie", "a=b"],
    ["x-stainless-lang", "js"],
    ["accept-encoding", "gzip"],
  ])("the header %s of a client must not arrive", async (name, value) => {
    const before = sandbox.refused.length;
    const answer = await post(path("invoke"), { headers: { [name]: value } });
    expect(answer.status).toBe(400);
    expect(sandbox.refused.slice(before).map(({ refusal }) => refusal)).toEqual([
      expect.stringContaining(name),
    ]);
  });

  test("the headers of a good client may", async () => {
    const headers = {
      accept: "application/json",
      "accept-encoding": "identity",
      "ai-client-type": "aicore",
      "ai-tenant-id": "t",
      "user-agent": "aicore/1",
    };
    expect((await post(path("invoke"), { headers })).status).toBe(200);
  });
});

test("a refusal has Bedrock's shape and is noted with its reason", async () => {
  const answer = await post(path("invoke"), { body: body({ model: "claude" }) });
  expect(answer).toMatchObject({ status: 400, json: { message: "model: Extra inputs are not permitted" } });
  expect(answer.headers["x-amzn-errortype"]).toBe("ValidationException");
  expect(answer.headers["x-request-id"]).toBe(answer.headers["ai-inference-id"]);
  expect(sandbox.refused.at(-1)).toMatchObject({
    status: 400,
    kind: "inference",
    deployment,
    model: MODEL,
    refusal: "model: Extra inputs are not permitted",
  });
});

describe("framing", () => {
  const asked = body({ thinking: adaptive, messages: [user("Run `ls -l “größe”`, please.")] });

  test("a message as JSON", async () => {
    const { json, headers } = await post(path("invoke"), { body: asked });
    expect(headers["content-type"]).toBe("application/json");
    expect(json).toMatchObject({
      type: "message",
      role: "assistant",
      model: "claude-opus-4-6",
      stop_reason: "tool_use",
    });
    expect(json.id).toMatch(/^msg_bdrk_01\w+$/);
    expect(json.content).toMatchObject([
      { type: "thinking", signature: expect.any(String) },
      { type: "text" },
      {
        type: "tool_use",
        id: expect.stringMatching(/^toolu_bdrk_01\w+$/),
        input: { command: "ls -l “größe”" },
      },
    ]);
  });

  test("a stream as bare data lines, and nothing else", async () => {
    const { text, headers } = await post(path("invoke-with-response-stream"), { body: asked });
    expect(headers["content-type"]).toBe("text/event-stream");
    expect(text).toMatch(/^(data: \{"type":"[^\n]*\}\n\n)+$/);
    expect(text).not.toMatch(/\[DONE\]|"ping"|^event:/m);
  });

  test("the stream tells the same message in many pieces", async () => {
    const { json } = await post(path("invoke"), { body: asked });
    const { text } = await post(path("invoke-with-response-stream"), { body: asked });
    const events = eventsIn(text);
    expect(collect(events)).toEqual(json.content);
    expect(events.at(-1)).toMatchObject({
      "amazon-bedrock-invocationMetrics": { outputTokenCount: expect.any(Number) },
    });
    const partial = events.flatMap(({ delta }) => (delta as JsonObject | undefined)?.partial_json ?? []);
    expect(partial[0]).toBe("");
    expect(partial.length).toBeGreaterThan(3);
  });

  test("the same in binary frames for who accepts them", async () => {
    const headers = { accept: "application/vnd.amazon.eventstream" };
    const to = path("invoke-with-response-stream");
    const sse = await post(to, { body: asked });
    const answer = await client.open(to, { method: "POST", body: asked, headers });
    expect(answer.headers["content-type"]).toBe(headers.accept);
    const events = decode(Buffer.from(await answer.body.arrayBuffer()));
    expect(collect(events)).toEqual(collect(eventsIn(sse.text)));
  });
});

test("models that call no tools still answer", async () => {
  const tame = await startSandbox({ callsTools: false });
  const other = await Client.of(tame);
  const { json } = await other.invoke(MODEL, body({ messages: [user("run `ls`")] }));
  await tame.close();
  expect(json).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text" }] });
});

test("usage is noted as it was reported", async () => {
  const { json } = await post(path("invoke"));
  expect(sandbox.usage.at(-1)).toMatchObject({ deployment, model: MODEL, usage: json.usage });
});

/** The blocks that a stream adds up to. */
function collect(events: JsonObject[]): JsonObject[] {
  const blocks: JsonObject[] = [];
  const inputs: string[] = [];
  for (const event of events) {
    const index = Number(event.index);
    if (event.type === "content_block_start") blocks[index] = { ...(event.content_block as JsonObject) };
    const delta = event.delta as JsonObject | undefined;
    const block = blocks[index];
    if (event.type !== "content_block_delta" || delta === undefined || block === undefined) continue;
    if (delta.type === "input_json_delta") inputs[index] = `${inputs[index] ?? ""}${delta.partial_json}`;
    else
      for (const key of ["text", "thinking", "signature"]) {
        if (delta[key] !== undefined) block[key] = `${block[key] ?? ""}${delta[key]}`;
      }
  }
  return blocks.map((block, index) =>
    inputs[index] === undefined ? block : { ...block, input: JSON.parse(inputs[index]) },
  );
}

/** AWS event stream, with both checksums of every message verified. */
function decode(bytes: Buffer): JsonObject[] {
  const events: JsonObject[] = [];
  for (let at = 0; at < bytes.length; ) {
    const total = bytes.readUInt32BE(at);
    const message = bytes.subarray(at, at + total);
    expect(message.readUInt32BE(8)).toBe(crc32(message.subarray(0, 8)));
    expect(message.readUInt32BE(total - 4)).toBe(crc32(message.subarray(0, total - 4)));
    const headersEnd = 12 + message.readUInt32BE(4);
    expect(message.subarray(12, headersEnd).toString("latin1")).toContain(":event-type\x07\x00\x05chunk");
    const payload = JSON.parse(message.subarray(headersEnd, total - 4).toString());
    events.push(JSON.parse(Buffer.from(payload.bytes, "base64").toString()));
    at += total;
  }
  return events;
}
