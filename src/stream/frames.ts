import { ApiError } from "../errors.ts";

/** The longest event that passes. Nothing a model sends comes near it (DESIGN 8: one cap of 8 MB an event). */
export const FRAME_LIMIT = 8 * 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Cuts a byte stream into server-sent frames at blank lines (`\n` or `\r\n`), wherever the chunks were cut.
 * A frame that lies inside one chunk is handed on as a view of it, without a copy; an unfinished one is kept as
 * a list of chunks and joined once, so that a large event costs its length and not its square.
 */
export class FrameSplitter {
  #pending: Buffer[] = [];
  #pendingSize = 0;
  /** Bytes of the unfinished line that earlier chunks brought, and whether they are just a carriage return. */
  #lineSize = 0;
  #lineIsReturn = false;

  /**
   * Hands every frame that `chunk` completes to `onFrame`, without its blank line.
   * @throws ApiError 502 when one frame outgrows FRAME_LIMIT.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let frameStart = 0;
    let lineStart = 0;
    for (let end = chunk.indexOf(NEWLINE, lineStart); end !== -1; end = chunk.indexOf(NEWLINE, lineStart)) {
      const size = this.#lineSize + end - lineStart;
      const blank = size === 0 || (size === 1 && (this.#lineIsReturn || chunk[end - 1] === RETURN));
      lineStart = end + 1;
      this.#lineSize = 0;
      this.#lineIsReturn = false;
      if (!blank) continue;
      const frame = this.#join(chunk.subarray(frameStart, end));
      frameStart = lineStart;
      if (frame.length > 1) onFrame(frame);
    }
    this.#keep(chunk.subarray(frameStart));
    this.#lineSize += chunk.length - lineStart;
    if (this.#lineSize > 0 && chunk.length > lineStart) {
      this.#lineIsReturn = this.#lineSize === 1 && chunk[chunk.length - 1] === RETURN;
    }
  }

  /** Whether bytes are left that no blank line has closed. */
  get unfinished(): boolean {
    return this.#pendingSize > 0;
  }

  #join(last: Buffer): Buffer {
    if (this.#pendingSize === 0) return last;
    const frame = Buffer.concat([...this.#pending, last], this.#pendingSize + last.length);
    this.#pending = [];
    this.#pendingSize = 0;
    return frame;
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#pending.push(rest);
    this.#pendingSize += rest.length;
    if (this.#pendingSize > FRAME_LIMIT) {
      throw new ApiError(502, `The upstream sent an event larger than ${FRAME_LIMIT} bytes.`, {
        reason: "event_too_large",
        origin: "upstream",
      });
    }
  }
}

/**
 * The data of a frame: its `data:` lines joined, other fields, comments and a byte order mark left out.
 * Empty when it has none.
 */
export function dataOf(frame: Buffer): string {
  const text = frame.toString("utf8");
  return dataOfLine(text) ?? dataOfLines(text);
}

/** Of a frame that is one `data:` line, as nearly all are; undefined for others. */
function dataOfLine(text: string): string | undefined {
  if (!text.startsWith("data:")) return undefined;
  const newline = text.indexOf("\n");
  if (newline !== -1 && newline !== text.length - 1) return undefined;
  const end = newline === -1 ? text.length : text[newline - 1] === "\r" ? newline - 1 : newline;
  return text.slice(text.charAt(5) === " " ? 6 : 5, end);
}

function dataOfLines(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(line.charAt(5) === " " ? 6 : 5))
    .join("\n");
}

/** A frame as bytes, ready to be written; `event` is left out where the dialect has no event names. */
export function frameOf(event: string | undefined, data: string): Buffer {
  return Buffer.from(frameText(event, data));
}

/** The same as text, for who writes several at once. */
export function frameText(event: string | undefined, data: string): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
