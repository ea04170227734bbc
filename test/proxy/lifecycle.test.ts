/** Clients that leave, clients that do not read (security F40–F42); too many: test/reliability/limits.test.ts. */
import { once } from "node:events";
import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { anthropicClient } from "../../src/dialects/anthropic/client.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Timing } from "../../src/proxy/context.ts";
import { StreamReply } from "../../src/proxy/stream-reply.ts";
import { streamWords } from "../../src/proxy/stream-words.ts";
import type { Fault, SandboxOptions } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { type Front, KEY, type Stack, startFront, startStack } from "../support/stack.ts";
import { beginStream, STREAM_END, startUpstream, textDelta } from "../support/upstream.ts";

async function start(timing: Partial<Timing> = {}, sandbox: SandboxOptions = {}): Promise<Stack> {
  const stack = await startStack({ proxy: { timing }, sandbox });
  onTestFinished(() => stack.close());
  await stack.catalog.refresh();
  return stack;
}

/** A request whose end is in the hands of the test. */
function open({ proxy }: Front, body: JsonObject, agent?: Agent): ClientRequest {
  const sent = request(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": KEY },
    ...(agent && { agent }),
  });
  sent.on("error", () => {});
  sent.end(JSON.stringify(body));
  return sent;
}

async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.on("error", () => {});
  return answer;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  return text;
}

const PHASES: [phase: string, fault: Fault, stream: boolean, begun: boolean][] = [
  ["before the head of a stream", { silence: true }, true, false],
  ["in an idle stream", { afterEvents: 3, ending: "silence" }, true, true],
  ["in the middle of a stream", { split: "bytes" }, true, true],
  ["before a message that does not stream", { silence: true }, false, false],
];

test.each(PHASES)("a client that leaves %s ends the upstream call within a second", async (...row) => {
  const [, fault, stream, begun] = row;
  const stack = await start({}, { pace: 200 });
  stack.sandbox.faults.add(fault);
  const sent = open(stack, ask("Hello", { stream }));
  const record = await stack.sandbox.waitFor(({ kind, body }) => kind === "inference" && body !== "");
  if (begun) await once(await answerTo(sent), "data");
  const left = Date.now();
  sent.destroy();
  await stack.sandbox.waitFor((one) => one === record && one.done);
  expect(record.aborted).toBe(true);
  expect(Date.now() - left).toBeLessThan(1_000);
  expect(stack.logged.filter((line) => / (warn|error) /.test(line))).toEqual([]);
});

test("a client that leaves while its answer is only pings ends the upstream call", async () => {
  const stack = await start({ commitAfter: 50, pingEvery: 50 });
  stack.sandbox.faults.add({ silence: true });
  const answer = await answerTo(open(stack, ask("Hello", { stream: true })));
  const [first] = await once(answer.setEncoding("utf8"), "data");
  expect(first).toBe('event: ping\ndata: {"type":"ping"}\n\n');
  answer.destroy();
  expect((await stack.sandbox.waitFor(({ kind, done }) => kind === "inference" && done)).aborted).toBe(true);
});

const MB = 1024 * 1024;

/** An upstream that sends `total` bytes of text as fast as it is let, and tells how far it came. */
async function flood(total: number, timing: Partial<Timing> = {}) {
  const state = { written: 0, gone: false };
  const delta = textDelta("x".repeat(16_000));
  const upstream = await startUpstream(async (response) => {
    const gone = new AbortController();
    response.once("close", () => {
      state.gone = !response.writableFinished;
      gone.abort();
    });
    beginStream(response);
    while (state.written < total && !gone.signal.aborted) {
      state.written += delta.length;
      if (!response.write(delta)) await once(response, "drain", { signal: gone.signal }).catch(() => {});
    }
    response.end(STREAM_END);
  });
  const front = await startFront(upstream.serviceKey, { proxy: { timing } });
  onTestFinished(async () => {
    await front.close();
    await upstream.close();
  });
  return { state, front };
}

/** Resolves once `read` has given the same value for a while: for a standstill there is no event. */
async function standstill(read: () => number): Promise<number> {
  for (let before = -1; ; ) {
    const now = read();
    if (now === before && now > 0) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

test("F42 a client that does not read halts the upstream, and gets everything once it reads", async () => {
  const total = 96 * MB;
  const { state, front } = await flood(total, { pingEvery: 100 });
  const sent = open(front, ask("Hello", { stream: true }));
  const answer = await answerTo(sent);
  answer.pause();
  const memory = process.memoryUsage().rss;
  const written = await standstill(() => state.written);
  expect(written).toBeLessThan(32 * MB);
  expect(process.memoryUsage().rss - memory).toBeLessThan(64 * MB);
  let size = 0;
  let tail = "";
  for await (const chunk of answer.setEncoding("utf8")) {
    size += chunk.length;
    tail = (tail + chunk).slice(-200);
  }
  expect(size).toBeGreaterThan(total);
  expect(tail).toMatch(/event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
});

test("F42 a client that does not read for too long is given up, and the upstream with it", async () => {
  const { state, front } = await flood(96 * MB, { writeIdle: 300 });
  const answer = await answerTo(open(front, ask("Hello", { stream: true })));
  answer.pause();
  await standstill(() => Number(state.gone));
  expect(state.written).toBeLessThan(32 * MB);
  answer.destroy();
});

test("F42 a client that does not fetch the end of a complete answer is given up too", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const sent = request({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }).end();
  onTestFinished(() => void sent.destroy());
  sent.once("response", (answer) => answer.pause());
  const [, response] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
  const words = streamWords(anthropicClient, "req_1");
  await new Promise<void>((onStuck) => {
    const limits = { head: {}, pingEvery: 60_000, commitAfter: 0, writeIdle: 100, tapped: false };
    const reply = new StreamReply(response, { words, ...limits, onStuck });
    reply.write(Buffer.alloc(32 * MB, "x"));
    reply.end(Buffer.alloc(0));
  });
});

test("pings fill every silence, and only silence", async () => {
  const stack = await start({ pingEvery: 1_000 }, { pace: 30 });
  const busy = await stack.post("/v1/messages", ask(`Say: ${"word ".repeat(60)}`, { stream: true }));
  expect(checkStream(await busy.text()).pings).toBe(0);
  const idle = await start({ pingEvery: 20 }, { pace: 100 });
  const paused = await idle.post("/v1/messages", ask("Hi", { stream: true }));
  const { events, pings, complete } = checkStream(await paused.text());
  expect(complete).toBe(true);
  expect(pings).toBeGreaterThanOrEqual(events.length - pings);
});

test("a connection serves one stream after the other", async () => {
  const stack = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ports = new Set<number | undefined>();
  for (const text of ["one", "two", "three"]) {
    const answer = await answerTo(open(stack, ask(text, { stream: true }), agent));
    ports.add(answer.socket.localPort);
    expect(checkStream(await textOf(answer)).complete).toBe(true);
  }
  expect(ports.size).toBe(1);
});
