/** What is told of each request once it is over, however it ended (security F30, F40, F41, F60): once, and what it cost. */
import { once } from "node:events";
import { type ClientRequest, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import { bindPort } from "../../src/proxy/port.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";
import { bodyOf, pathOf } from "../matrix/client.ts";
import { KEY, type Stack, startFront, startStack } from "../support/stack.ts";
import {
  beginStream,
  frame,
  MESSAGE,
  STREAM_END,
  sendJson,
  startUpstream,
  textDelta,
} from "../support/upstream.ts";
import { askIn, WIRES } from "./dialects.ts";

const MODEL = "claude-sonnet-4-5";

/** The records of a proxy, and the first of them once it is there. */
class Records {
  readonly all: RequestRecord[] = [];
  #tell: (record: RequestRecord) => void = () => {};
  readonly first: Promise<RequestRecord> = new Promise((resolve) => {
    this.#tell = resolve;
  });
  readonly hear = (record: RequestRecord): void => {
    this.all.push(record);
    this.#tell(record);
  };
}

async function start(): Promise<{ stack: Stack; records: Records }> {
  const records = new Records();
  const stack = await startStack({ proxy: { onRecord: records.hear } });
  onTestFinished(() => stack.close());
  await stack.catalog.refresh();
  return { stack, records };
}

/** A request that the test can leave. */
function open(wire: WireName, { proxy }: { proxy: { url: string } }, stream: boolean): ClientRequest {
  const messages: HubRequest["messages"] = [{ role: "user", content: "Say: one two three four" }];
  const question: HubRequest = { model: MODEL, stream, max_tokens: 1_000, messages };
  const sent = request(proxy.url + pathOf(wire, question), {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": KEY },
  });
  sent.on("error", () => {});
  sent.end(JSON.stringify(bodyOf(wire, question)));
  return sent;
}

/** A request as bytes. */
function written(wire: WireName, question: HubRequest, port: string): string {
  const body = JSON.stringify(bodyOf(wire, question));
  return [
    `POST ${pathOf(wire, question)} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-api-key: ${KEY}`,
    "",
    body,
  ].join("\r\n");
}

const called = ({ sandbox }: Stack) =>
  sandbox.waitFor(({ kind, body }) => kind === "inference" && body !== "");
const ended = ({ sandbox }: Stack) => sandbox.waitFor(({ kind, done }) => kind === "inference" && done);

describe.each(WIRES)("%s", (wire) => {
  test.each([false, true])("F40 a client that leaves before the head, stream: %s", async (stream) => {
    const { stack, records } = await start();
    stack.sandbox.faults.add({ silence: true });
    const sent = open(wire, stack, stream);
    await called(stack);
    sent.destroy();
    expect((await ended(stack)).aborted).toBe(true);
    expect(await records.first).toMatchObject({
      dialect: wire,
      requested: MODEL,
      outcome: "cancelled",
      status: 499,
      attempts: 1,
      usageSource: "estimated",
    });
    expect(records.all[0]?.usage.input_tokens).toBeGreaterThan(0);
    expect(records.all).toHaveLength(1);
  });

  test("F41 a client that leaves in mid-stream: what it had cost by then", async () => {
    const { stack, records } = await start();
    stack.sandbox.faults.add({ afterEvents: 4, ending: "silence" });
    const sent = open(wire, stack, true);
    const [answer] = await once(sent, "response");
    await once(answer, "data");
    sent.destroy();
    expect((await ended(stack)).aborted).toBe(true);
    const record = await records.first;
    expect(record).toMatchObject({ outcome: "cancelled", status: 499, usageSource: "partial" });
    expect(record.usage.input_tokens).toBeGreaterThan(0);
    expect(records.all).toHaveLength(1);
  });

  test("F41 a client that leaves while the end of a complete answer waits for it", async () => {
    const records = new Records();
    const port = await bindPort({ port: 0 });
    let reply: ServerResponse | undefined;
    port.server.prependListener("request", ({ socket }, response) => {
      // What is written stays here, as with a client that does not read.
      socket.cork();
      reply = response;
    });
    let sentAll = () => {};
    const answered = new Promise<void>((resolve) => {
      sentAll = resolve;
    });
    const upstream = await startUpstream(async (response) => {
      beginStream(response);
      // More than a response holds without a word, 64 KiB from Node 22 on.
      response.write(textDelta("x".repeat(80 * 1024)));
      while (!reply?.socket?.writableNeedDrain) await turn();
      response.end(STREAM_END, sentAll);
    });
    const front = await startFront(upstream.serviceKey, { proxy: { port, onRecord: records.hear } });
    onTestFinished(async () => {
      await front.close();
      await upstream.close();
    });
    const sent = open(wire, front, true);
    await answered;
    // A round trip later it has come.
    await front.get("/health");
    sent.destroy();
    expect(await records.first).toMatchObject({ outcome: "cancelled", status: 499 });
  });

  test("F30 a stream that is cut: broken, and what it had cost by then", async () => {
    const { stack, records } = await start();
    stack.sandbox.faults.add({ afterEvents: 4, ending: "reset" });
    await askIn(wire, stack, { model: MODEL, stream: true });
    const record = await records.first;
    expect(record).toMatchObject({ outcome: "broken", status: 200, usageSource: "partial" });
    expect(record.usage.input_tokens).toBeGreaterThan(0);
  });

  test.each([false, true])("F60 an answer that tells no counts is estimated, stream: %s", async (stream) => {
    const records = new Records();
    const upstream = await startUpstream((response) => {
      const { usage: _untold, ...message } = MESSAGE;
      if (!stream) return sendJson(response, message);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(
        [
          frame({ type: "message_start", message: { ...message, content: [], stop_reason: null } }),
          frame({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
          textDelta("Hello"),
          frame({ type: "content_block_stop", index: 0 }),
          frame({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null } }),
          frame({ type: "message_stop" }),
        ].join(""),
      );
    });
    const front = await startFront(upstream.serviceKey, { proxy: { onRecord: records.hear } });
    onTestFinished(async () => {
      await front.close();
      await upstream.close();
    });
    const seen = await askIn(wire, front, { model: MODEL, stream });
    expect([seen.status, seen.complete], seen.text).toEqual([200, true]);
    const record = await records.first;
    expect(record).toMatchObject({ outcome: "completed", usageSource: "estimated" });
    expect(record.usage.input_tokens).toBeGreaterThan(0);
    expect(record.usage.output_tokens).toBeGreaterThan(0);
  });

  test("F40 a client that leaves before the server has loaded", async () => {
    const records = new Records();
    const port = await bindPort({ port: 0 });
    const sandbox = await startSandbox();
    const sent = open(wire, { proxy: port }, true);
    const [, response] = (await once(port.server, "request")) as [unknown, ServerResponse];
    sent.destroy();
    await once(response, "close");
    const front = await startFront(sandbox.serviceKey, { proxy: { port, onRecord: records.hear } });
    onTestFinished(async () => {
      await front.close();
      await sandbox.close();
    });
    expect(await records.first).toMatchObject({ outcome: "cancelled", status: 499, attempts: 0 });
    expect(sandbox.requests.filter(({ kind }) => kind === "inference")).toEqual([]);
  });

  test("F40 a client that leaves with two requests on one connection", async () => {
    const { stack, records } = await start();
    for (const fault of [{ silence: true }, { silence: true }] as const) stack.sandbox.faults.add(fault);
    const { hostname, port } = new URL(stack.proxy.url);
    const socket = connect(Number(port), hostname);
    const messages: HubRequest["messages"] = [{ role: "user", content: "Say: one" }];
    const question: HubRequest = { model: MODEL, stream: true, max_tokens: 1_000, messages };
    socket.write(written(wire, question, port).repeat(2));
    const calls = () =>
      stack.sandbox.requests.filter(({ kind, body }) => kind === "inference" && body !== "");
    await stack.sandbox.waitFor(() => calls().length === 2);
    socket.destroy();
    await expect.poll(() => records.all.map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled"]);
  });

  test("an answer in full is told as such", async () => {
    const { stack, records } = await start();
    await askIn(wire, stack, { model: MODEL, stream: true });
    const [{ usage = {} } = {}] = stack.sandbox.usage;
    expect(await records.first).toMatchObject({
      outcome: "completed",
      status: 200,
      stream: true,
      usageSource: "reported",
      usage: { input_tokens: usage.input_tokens, output_tokens: usage.output_tokens },
    });
  });
});

test("F60 vectors that tell no counts are estimated", async () => {
  const { stack, records } = await start();
  stack.sandbox.faults.add({ status: 200, body: { data: [{ index: 0, embedding: [1, 2] }] } });
  await stack.post("/v1/embeddings", { model: "text-embedding-3-small", input: "x".repeat(40) });
  expect(await records.first).toMatchObject({ usageSource: "estimated", usage: { input_tokens: 10 } });
});
