/** What goes over the wire when a stream frames its own chunks, held against what Node would have sent. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { chunkOf, lastChunkOf, takeFraming } from "../../src/proxy/chunked.ts";

/** Everything behind the head of an answer, one after the other on a connection that stays open. */
async function bodiesOf(...answers: ((response: ServerResponse) => void)[]): Promise<string[]> {
  const left = [...answers];
  const server = createServer((_request: IncomingMessage, response) => {
    response.sendDate = false;
    response.writeHead(200);
    left.shift()?.(response);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setEncoding("latin1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(answers.length - 1));
  socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await once(socket, "close");
  return text.split(/HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)+\r\n/).slice(1);
}

function byNode(...pieces: string[]) {
  return (response: ServerResponse) => {
    for (const piece of pieces) response.write(Buffer.from(piece));
    response.end();
  };
}

function byUs(...pieces: string[]) {
  return (response: ServerResponse) => {
    expect(takeFraming(response)).toBe(true);
    for (const piece of pieces.slice(0, -1)) response.write(chunkOf(Buffer.from(piece)));
    response.end(lastChunkOf(Buffer.from(pieces.at(-1) ?? "")));
  };
}

test.each<[string, string[]]>([
  ["nothing", []],
  ["one write", ["data: 1\n\n"]],
  ["several", ["a", "bc", "d".repeat(15), "e".repeat(16), "f".repeat(70_000)]],
  ["more than ASCII", ["grün", "👋"]],
])("the same bytes as Node's: %s", async (_name, pieces) => {
  const [expected, told, after] = await bodiesOf(byNode(...pieces), byUs(...pieces), byUs("next"));
  expect(told).toBe(expected);
  expect(after).toBe("4\r\nnext\r\n0\r\n\r\n");
});

test("an answer that has a length is left as it is", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": 2 });
    response.end(takeFraming(response) ? "chunks" : "ok");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await answer.text()).toBe("ok");
});
