import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import type { Frame } from "../hub/wire.ts";
import { type EventMessage, EventMessageSplitter, eventOf } from "./aws-event-stream.ts";
import { dataOf, FrameSplitter, frameText } from "./frames.ts";
import { parsePythonLiteral } from "./python-literal.ts";

/** What becomes of one streamed answer, event by event. */
export interface AnswerStream {
  /** Types that pass as they are, unread, with their name as `event:` line: on the heaviest path nearly all. */
  readonly passing: ReadonlySet<string>;
  /** Whether the answer is told to its end, in the client's dialect too. Nothing after that is looked at. */
  readonly complete: boolean;
  /** Sees every other event, parsed and as it came; what it returns is sent. */
  onEvent(event: JsonObject, data: string): readonly Frame[];
  /** The upstream said `[DONE]` or ended. */
  onEnd(): readonly Frame[];
}

const CANONICAL_HEAD = Buffer.from('data: {"type":"');
const QUOTE = 0x22;
const NEWLINE = 0x0a;
const LONGEST_TYPE = 64;
const RETURN = 0x0d;

/**
 * Bytes of an upstream to bytes for a client. On the native path of Messages nearly all of them flow: a frame whose
 * type is in `passing` gets the `event:` line that SAP leaves out (protocol 4a.7; without it the Anthropic SDK sees
 * nothing) and is not parsed. A frame in another form than `data: {"type":"…` in one line (CRLF, several data lines,
 * comments, keys in another order) takes the parsing way, so the form never changes the meaning. The first byte tells
 * the framing: Bedrock's binary messages begin with a length, whose first byte is 0; everything else is text.
 */
export class Scanner {
  #split: ((chunk: Buffer, out: Buffer[]) => void) | undefined;
  readonly #stream: AnswerStream;
  readonly #heads = new Map<string, Buffer>();
  #failure: unknown;

  constructor(stream: AnswerStream) {
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
      this.#split ??= this.#splitterFor(chunk);
      this.#split?.(chunk, out);
    } catch (error) {
      this.#failure = error;
    }
    return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
  }

  /** The upstream has ended: what its stream still has to say. */
  end(): Buffer {
    try {
      return bytesOf(this.#stream.onEnd());
    } catch (error) {
      this.#failure = error;
      return Buffer.alloc(0);
    }
  }

  #splitterFor(chunk: Buffer): ((chunk: Buffer, out: Buffer[]) => void) | undefined {
    if (chunk.length === 0) return undefined;
    if (chunk[0] === 0) {
      const messages = new EventMessageSplitter();
      return (bytes, out) => messages.push(bytes, (message) => this.#scanMessage(message, out));
    }
    const frames = new FrameSplitter();
    return (bytes, out) => frames.push(bytes, (frame) => this.#scan(frame, out));
  }

  #scanMessage(message: EventMessage, out: Buffer[]): void {
    if (this.#stream.complete) return;
    const { event, data } = eventOf(message);
    out.push(bytesOf(this.#stream.onEvent(event, data)));
  }

  #scan(frame: Buffer, out: Buffer[]): void {
    if (this.#stream.complete) return;
    const { passing } = this.#stream;
    const type = passing.size > 0 ? canonicalType(frame) : undefined;
    if (type !== undefined && passing.has(type)) {
      out.push(withHead(this.#head(type), frame));
      return;
    }
    const data = dataOf(frame);
    if (data === "") return;
    const frames = data === "[DONE]" ? this.#stream.onEnd() : this.#read(data);
    out.push(bytesOf(frames));
  }

  /** Data over several lines, or not in JSON, is put into one of JSON, so that the upstream's framing does not show. */
  #read(data: string): readonly Frame[] {
    const { event, isJson } = parseEvent(data);
    const asItCame = isJson && !data.includes("\n");
    return this.#stream.onEvent(event, asItCame ? data : JSON.stringify(event));
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

/** One copy into one buffer: the usual chunk is one frame, and goes out as it is then. */
function withHead(head: Buffer, frame: Buffer): Buffer {
  const length = frame[frame.length - 1] === NEWLINE ? frame.length - 1 : frame.length;
  const end = head.length + length;
  const told = Buffer.allocUnsafe(end + 2);
  told.set(head, 0);
  frame.copy(told, head.length, 0, length);
  told[end] = NEWLINE;
  told[end + 1] = NEWLINE;
  return told;
}

/** The type of a frame that is exactly one `data: {"type":"…` line, read off its bytes. */
function canonicalType(frame: Buffer): string | undefined {
  for (let at = 0; at < CANONICAL_HEAD.length; at++) {
    if (frame[at] !== CANONICAL_HEAD[at]) return undefined;
  }
  const end = frame.indexOf(QUOTE, CANONICAL_HEAD.length);
  if (end === -1 || end > CANONICAL_HEAD.length + LONGEST_TYPE) return undefined;
  const lineEnd = frame.indexOf(NEWLINE);
  if (lineEnd !== -1 && lineEnd !== frame.length - 1) return undefined;
  if (frame.includes(RETURN)) return undefined;
  return frame.toString("latin1", CANONICAL_HEAD.length, end);
}

function bytesOf(frames: readonly Frame[]): Buffer {
  let text = "";
  for (const { event, data } of frames) text += frameText(event, data);
  return Buffer.from(text);
}

/** JSON, as all hosts but one write it; Converse's events come as Python's `repr` when they come as text (4a.8). */
function parseEvent(data: string): { event: JsonObject; isJson: boolean } {
  const json = tryParse(JSON.parse, data);
  const event = json ?? tryParse(parsePythonLiteral, data);
  if (isObject(event)) return { event, isJson: json !== undefined };
  const what = event === undefined ? "JSON" : "a JSON object";
  throw new ApiError(502, `The upstream sent an event that is not ${what}.`, {
    origin: "upstream",
    reason: "bad_answer",
  });
}

function tryParse(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
