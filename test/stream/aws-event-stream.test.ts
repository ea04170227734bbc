import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { binaryFrame, pythonFrame, sseFrame } from "../../src/sandbox/frames.ts";
import { EventMessageSplitter, eventOf } from "../../src/stream/aws-event-stream.ts";
import { FRAME_LIMIT } from "../../src/stream/frames.ts";
import { Scanner } from "../../src/stream/scanner.ts";

const EVENTS: JsonObject[] = [
  { messageStart: { role: "assistant" } },
  { contentBlockDelta: { delta: { text: 'Größe "✓" it\'s\n🎉' }, contentBlockIndex: 0 } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ü" } },
  { throttlingException: { message: "Too many tokens" } },
];

function read(pieces: readonly Buffer[]): JsonObject[] {
  const splitter = new EventMessageSplitter();
  const events: JsonObject[] = [];
  for (const piece of pieces) splitter.push(piece, (message) => events.push(eventOf(message).event));
  return events;
}

/** A message of these headers, as bytes each, and payload. */
function message(headers: readonly Buffer[], payload: string): Buffer {
  const head = Buffer.concat(headers);
  const total = 12 + head.length + Buffer.byteLength(payload) + 4;
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(head.length, 4);
  const body = Buffer.concat([prelude, crcOf(prelude), head, Buffer.from(payload)]);
  return Buffer.concat([body, crcOf(body)]);
}

function crcOf(bytes: Buffer): Buffer {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(bytes));
  return crc;
}

function header(name: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([type]), value]);
}

function textHeader(name: string, value: string): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(value.length);
  return header(name, 7, Buffer.concat([size, Buffer.from(value)]));
}

describe("messages", () => {
  const bytes = Buffer.concat(EVENTS.map(binaryFrame));

  test("cut at every byte come out the same", () => {
    expect(read([bytes])).toEqual(EVENTS);
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(EVENTS);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(EVENTS);
    }
  });

  test("headers of every type are passed over", () => {
    const others = [0, 1].map((type) => header("flag", type, Buffer.alloc(0)));
    const sized = [1, 2, 4, 8].map((size, at) => header("number", at + 2, Buffer.alloc(size)));
    const blob = header("blob", 6, Buffer.from([0, 3, 1, 2, 3]));
    const rest = [header("time", 8, Buffer.alloc(8)), header("uuid", 9, Buffer.alloc(16))];
    const named = textHeader(":event-type", "metadata");
    expect(read([message([...others, ...sized, blob, ...rest, named], '{"a":1}')])).toEqual([
      { metadata: { a: 1 } },
    ]);
  });

  test("an error without a payload is told as Bedrock tells it in text", () => {
    const headers = [":message-type", "error", ":error-code", "InternalFailure", ":error-message", "Gone"];
    const told = [0, 2, 4].map((at) => textHeader(headers[at] ?? "", headers[at + 1] ?? ""));
    expect(read([message(told, "")])).toEqual([{ type: "error", message: "InternalFailure: Gone" }]);
  });

  test.each<[name: string, damage: (copy: Buffer) => Buffer, said: string]>([
    ["a bit of the prelude", (copy) => flipped(copy, 2), "a damaged prelude"],
    ["a bit of the payload", (copy) => flipped(copy, 60), "a wrong checksum"],
    ["a bit of the checksum", (copy) => flipped(copy, copy.length - 1), "a wrong checksum"],
    ["no JSON", () => message([textHeader(":event-type", "x")], "nope"), "a payload that is not JSON"],
    ["a list", () => message([textHeader(":event-type", "x")], "[1]"), "a payload that is not a JSON object"],
    ["a header cut off", () => message([Buffer.from([9, 65])], "{}"), "headers that cannot be read"],
    [
      "a header of no type",
      () => message([header("a", 10, Buffer.alloc(0))], "{}"),
      "headers that cannot be read",
    ],
    ["lengths that contradict", () => prelude(20, 900), "impossible lengths"],
    ["a length beyond the cap", () => prelude(FRAME_LIMIT + 1, 0), `larger than ${FRAME_LIMIT} bytes`],
  ])("%s is a failure of the upstream", (_name, damage, said) => {
    const act = () => read([damage(Buffer.from(binaryFrame(EVENTS[1] ?? {})))]);
    expect(act).toThrow(
      expect.objectContaining({ status: 502, origin: "upstream", message: expect.stringContaining(said) }),
    );
  });
});

function flipped(copy: Buffer, at: number): Buffer {
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

function prelude(total: number, headers: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers, 4);
  return Buffer.concat([bytes, crcOf(bytes)]);
}

describe("the scanner tells the framing by the first byte", () => {
  const scan = (pieces: readonly Buffer[]) => {
    const scanner = new Scanner({
      passing: new Set(),
      complete: false,
      onEvent: (_event, data) => [{ data }],
      onEnd: () => [],
    });
    const text = Buffer.concat(pieces.map((piece) => scanner.push(piece))).toString();
    return { text, failure: scanner.failure };
  };
  const expected = EVENTS.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

  test.each([
    ["binary", (event: JsonObject) => binaryFrame(event)],
    ["SSE in JSON", (event: JsonObject) => sseFrame(event)],
    ["SSE in Python", (event: JsonObject) => pythonFrame(event)],
  ])("%s, cut at every byte", (_name, frame) => {
    const bytes = Buffer.concat(EVENTS.map(frame));
    expect(scan([bytes])).toEqual({ text: expected, failure: undefined });
    expect(scan([Buffer.alloc(0), ...[...bytes].map((byte) => Buffer.from([byte]))]).text).toBe(expected);
    for (let cut = 1; cut < bytes.length; cut++)
      expect(scan([bytes.subarray(0, cut), bytes.subarray(cut)]).text).toBe(expected);
  });

  test("what came before a damaged message is written", () => {
    const [first = {}, second = {}] = EVENTS;
    const bytes = Buffer.concat([binaryFrame(first), flipped(Buffer.from(binaryFrame(second)), 60)]);
    const { text, failure } = scan([bytes]);
    expect(text).toBe(`data: ${JSON.stringify(first)}\n\n`);
    expect(failure).toMatchObject({ status: 502 });
  });
});
