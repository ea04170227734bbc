import { expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { Scanner } from "../../src/stream/scanner.ts";

/** Passes deltas unread, marks the start, drops `gone`, fails on `error`. */
function scan(pieces: Buffer[]): { text: string; failure: unknown; seen: string[] } {
  const seen: string[] = [];
  const scanner = new Scanner({
    passing: new Set(["delta"]),
    complete: false,
    onEvent(event: JsonObject, data: string) {
      const type = String(event.type);
      seen.push(type);
      if (type === "error") throw new Error("told");
      if (type === "gone") return [];
      return [{ event: type, data: type === "start" ? JSON.stringify({ ...event, marked: true }) : data }];
    },
    onEnd: () => [{ data: "[DONE]" }],
  });
  const text = Buffer.concat(pieces.map((piece) => scanner.push(piece))).toString();
  return { text, failure: scanner.failure, seen };
}

const STREAM = [
  '{"type":"start"}',
  '{"type":"delta","text":"Größe \\"✓\\" 🎉"}',
  '{"text":"type not first","type":"delta"}',
  '{"type":"gone"}',
  '{"type":"stop"}',
];
const EXPECTED = [
  'event: start\ndata: {"type":"start","marked":true}\n\n',
  'event: delta\ndata: {"type":"delta","text":"Größe \\"✓\\" 🎉"}\n\n',
  'event: delta\ndata: {"text":"type not first","type":"delta"}\n\n',
  'event: stop\ndata: {"type":"stop"}\n\n',
].join("");

const FRAMINGS: [name: string, frame: (data: string) => string][] = [
  ["as SAP frames it", (data) => `data: ${data}\n\n`],
  ["with carriage returns", (data) => `data: ${data}\r\n\r\n`],
  ["with event lines", (data) => `event: x\ndata: ${data}\n\n`],
  ["with comments", (data) => `: keep-alive\ndata: ${data}\n\n`],
  ["with data over several lines", (data) => `data: ${data.replace(",", ",\ndata: ")}\n\n`],
];

test.each(FRAMINGS)("a stream %s, cut at every byte, comes out the same", (_name, frame) => {
  const bytes = Buffer.from(STREAM.map(frame).join(""));
  expect(scan([bytes]).text).toBe(EXPECTED);
  expect(scan([...bytes].map((byte) => Buffer.from([byte]))).text).toBe(EXPECTED);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(scan([bytes.subarray(0, cut), bytes.subarray(cut)]).text).toBe(EXPECTED);
  }
});

test("passing events are not parsed", () => {
  const { text, seen } = scan([Buffer.from('data: {"type":"delta",not json}\n\n')]);
  expect(text).toBe('event: delta\ndata: {"type":"delta",not json}\n\n');
  expect(seen).toEqual([]);
});

test("what came before a failure in the same chunk is written, nothing after it", () => {
  const bytes = Buffer.from('data: {"type":"delta"}\n\ndata: {"type":"error"}\n\ndata: {"type":"delta"}\n\n');
  const { text, failure } = scan([bytes]);
  expect(text).toBe('event: delta\ndata: {"type":"delta"}\n\n');
  expect(failure).toEqual(new Error("told"));
});

test.each(["data: nope\n\n", "data: [1]\n\n"])("%j is a failure of the upstream", (text) => {
  expect(scan([Buffer.from(text)]).failure).toMatchObject({ status: 502, origin: "upstream" });
});
