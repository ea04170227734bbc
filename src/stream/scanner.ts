import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { dataOf, FrameSplitter, frameOf } from "./frames.ts";

/** What the native path of a dialect wants to know of its stream. */
export interface NativeStream {
  /** Types that pass as they are, unread: on the heaviest path nearly all of them. */
  readonly passing: ReadonlySet<string>;
  /** Sees every other event, parsed; what it returns is sent instead. */
  onEvent(event: JsonObject): readonly JsonObject[];
}

const CANONICAL_HEAD = Buffer.from('data: {"type":"');
const QUOTE = 0x22;
const NEWLINE = 0x0a;
const LONGEST_TYPE = 64;
const END = Buffer.from("\n\n");

/**
 * The byte scanner of the native path: same dialect on both sides, so bytes flow. Each frame gets the `event:`
 * line that SAP leaves out (protocol 4a.7; without it the Anthropic SDK sees nothing), and only frames whose
 * type is not in `passing` are parsed. A frame in another form than `data: {"type":"…` in one line (CRLF, several
 * data lines, comments, keys in another order) takes the parsing way, so the form never changes the meaning.
 */
export class NativeScanner {
  readonly #splitter = new FrameSplitter();
  readonly #stream: NativeStream;
  readonly #heads = new Map<string, Buffer>();
  #failure: unknown;

  constructor(stream: NativeStream) {
    this.#stream = stream;
  }

  /** What ended the stream: thrown by `onEvent`, or an event that is too large or not JSON (ApiError 502). */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * What to write for one chunk of the upstream; empty while a frame is unfinished. After a failure nothing more
   * comes; what came before it in the same chunk does, so that chunk borders never change what a client sees.
   */
  push(chunk: Buffer): Buffer {
    const out: Buffer[] = [];
    try {
      this.#splitter.push(chunk, (frame) => this.#scan(frame, out));
    } catch (error) {
      this.#failure = error;
    }
    return Buffer.concat(out);
  }

  #scan(frame: Buffer, out: Buffer[]): void {
    const type = canonicalType(frame);
    if (type !== undefined && this.#stream.passing.has(type)) {
      out.push(this.#head(type), frame.at(-1) === NEWLINE ? frame.subarray(0, -1) : frame, END);
      return;
    }
    const data = dataOf(frame);
    if (data === "") return;
    const event = parseEvent(data);
    for (const sent of this.#stream.onEvent(event)) {
      const unchanged = sent === event && !data.includes("\n");
      out.push(frameOf(String(sent.type), unchanged ? data : JSON.stringify(sent)));
    }
  }

  #head(type: string): Buffer {
    let head = this.#heads.get(type);
    if (!head) {
      head = Buffer.from(`event: ${type}\n`);
      this.#heads.set(type, head);
    }
    return head;
  }
}

/** The type of a frame that is exactly one `data: {"type":"…` line, read off its bytes. */
function canonicalType(frame: Buffer): string | undefined {
  if (!frame.subarray(0, CANONICAL_HEAD.length).equals(CANONICAL_HEAD)) return undefined;
  const end = frame.indexOf(QUOTE, CANONICAL_HEAD.length);
  if (end === -1 || end > CANONICAL_HEAD.length + LONGEST_TYPE) return undefined;
  const lineEnd = frame.indexOf(NEWLINE);
  if (lineEnd !== -1 && lineEnd !== frame.length - 1) return undefined;
  if (frame.includes("\r")) return undefined;
  return frame.toString("latin1", CANONICAL_HEAD.length, end);
}

function parseEvent(data: string): JsonObject {
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch (cause) {
    throw new ApiError(502, "The upstream sent an event that is not JSON.", {
      origin: "upstream",
      reason: "bad_answer",
      cause,
    });
  }
  if (isObject(event)) return event;
  throw new ApiError(502, "The upstream sent an event that is not a JSON object.", {
    origin: "upstream",
    reason: "bad_answer",
  });
}
