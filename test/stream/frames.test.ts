import { expect, test } from "vitest";
import { dataOf, FRAME_LIMIT, FrameSplitter, frameOf } from "../../src/stream/frames.ts";

/** The data of all frames when the text arrives in the given pieces. */
function framesOf(pieces: Buffer[]): string[] {
  const splitter = new FrameSplitter();
  const frames: string[] = [];
  for (const piece of pieces) splitter.push(piece, (frame) => frames.push(dataOf(frame)));
  return frames;
}

const FORMS: [form: string, text: string, frames: string[]][] = [
  ["line feeds", "data: a\n\ndata: b\n\n", ["a", "b"]],
  ["carriage returns", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
  ["a byte order mark", "\ufeffdata: a\n\n", ["a"]],
  ["several data lines", "data: a\ndata: b\n\n", ["a\nb"]],
  ["no space after the colon", "data:a\n\n", ["a"]],
  ["event, id and comment lines", ": hello\nevent: x\nid: 1\ndata: a\n\n", ["a"]],
  ["blank lines between", "\n\ndata: a\n\n\n\ndata: b\n\n", ["a", "b"]],
  ["multi-byte text", "data: Größe ✓ 🎉\n\ndata: ü\n\n", ["Größe ✓ 🎉", "ü"]],
  ["an unfinished frame", "data: a\n\ndata: b\n", ["a"]],
];

test.each(FORMS)("%s, cut at every byte, give the same frames", (_form, text, frames) => {
  const bytes = Buffer.from(text);
  expect(framesOf([bytes])).toEqual(frames);
  expect(framesOf([...bytes].map((byte) => Buffer.from([byte])))).toEqual(frames);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(framesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(frames);
  }
});

test("a line without end is given up at the limit", () => {
  const splitter = new FrameSplitter();
  const piece = Buffer.alloc(1024 * 1024, "x");
  const feed = () => {
    for (let size = 0; size <= FRAME_LIMIT; size += piece.length) splitter.push(piece, () => {});
  };
  expect(feed).toThrow(/larger than/);
});

test("a frame is written with its event name, or without", () => {
  expect(frameOf("ping", "{}").toString()).toBe("event: ping\ndata: {}\n\n");
  expect(frameOf(undefined, "{}").toString()).toBe("data: {}\n\n");
});
