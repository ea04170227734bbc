/** Connections that fail in odd moments, beyond test/reliability/connection.test.ts (security F5, F43). */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { answerUnreadable } from "../../src/proxy/sockets.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { type Front, startFront } from "../support/stack.ts";
import {
  beginStream,
  MESSAGE,
  type ModelHandler,
  STREAM_END,
  sendJson,
  startUpstream,
  textDelta,
  type Upstream,
} from "../support/upstream.ts";

async function start(handler: ModelHandler): Promise<{ upstream: Upstream; front: Front }> {
  const upstream = await startUpstream(handler);
  const front = await startFront(upstream.serviceKey);
  onTestFinished(async () => {
    await front.close();
    await upstream.close();
  });
  await front.catalog.refresh();
  return { upstream, front };
}

test("F5 when the second try breaks too, that is all", async () => {
  const { upstream, front } = await start((response, nth) =>
    nth === 1 ? sendJson(response, MESSAGE) : response.socket?.resetAndDestroy(),
  );
  await front.post("/v1/messages", ask("Hello"));
  const answer = await front.post("/v1/messages", ask("Hello"));
  expect([answer.status, upstream.hits]).toEqual([502, 3]);
});

test("a break after the answer began is never repeated", async () => {
  const { upstream, front } = await start((response, nth) => {
    if (nth === 1) return sendJson(response, MESSAGE);
    response.writeHead(200, { "content-type": "application/json", "content-length": 1_000 });
    response.write('{"type":"message"', () => response.socket?.resetAndDestroy());
  });
  await front.post("/v1/messages", ask("Hello"));
  const answer = await front.post("/v1/messages", ask("Hello"));
  expect([answer.status, upstream.hits]).toEqual([502, 2]);
});

test("an upstream that lingers after its last event holds nobody: the client is done, the socket is cut", async () => {
  let cut: Promise<unknown> = Promise.resolve();
  const { front } = await start((response) => {
    cut = once(response, "close");
    beginStream(response);
    response.write(textDelta("Hello") + STREAM_END);
  });
  const answer = await front.post("/v1/messages", ask("Hello", { stream: true }));
  expect(checkStream(await answer.text()).complete).toBe(true);
  await cut;
});

test("F43 a body that trickles in is told 408, and its connection is taken from it", async () => {
  const limits = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50 };
  const server = createServer(limits, (request) => void request.resume());
  server.on("clientError", answerUnreadable).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => {});
  const [socket] = (await once(server, "connection")) as [Socket];
  client.write("POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n");
  const trickle = setInterval(() => client.write("x"), 50);
  onTestFinished(() => {
    clearInterval(trickle);
    client.destroy();
    server.close();
  });
  const [answer] = await once(client.setEncoding("utf8"), "data");
  expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"type":"invalid_request_error"/);
  await once(socket, "close");
});
