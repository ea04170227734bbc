import { connect } from "node:net";

/** What came back over a plain socket; `status` 0 means that the connection was closed without a word. */
export interface RawAnswer {
  status: number;
  /** Lower-case names; of repeated ones the last. */
  headers: Record<string, string>;
  body: string;
  /** The connection ended with a reset. */
  reset: boolean;
}

export interface RawOptions {
  /** Reads nothing before all is written, as a simple client does: an early reset then loses the answer. */
  writeFirst?: boolean;
}

const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

/**
 * Says to a port exactly what it is told, which no HTTP client does, and resolves with the first whole answer or
 * when the connection ends.
 */
export function raw(
  port: number,
  said: string | Buffer,
  { writeFirst }: RawOptions = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const isHead = said.slice(0, 5).toString() === "HEAD ";
    let reset = false;
    const socket = connect({ host: "127.0.0.1", port });
    const finish = () => {
      socket.destroy();
      resolve({ ...answerIn(received(chunks)), reset });
    };
    socket.on("error", (error: NodeJS.ErrnoException) => {
      reset ||= error.code === "ECONNRESET" || error.code === "EPIPE";
    });
    socket.on("close", finish);
    const listen = () =>
      socket.on("data", (chunk) => {
        chunks.push(chunk);
        if (isWhole(received(chunks), isHead)) finish();
      });
    if (!writeFirst) listen();
    socket.write(said, () => {
      if (writeFirst) listen();
    });
  });
}

/** The head of a request to 127.0.0.1; a header whose value is undefined is left out. */
export function head(
  port: number,
  line: string,
  headers: Record<string, string | number | undefined> = {},
): string {
  const all = Object.entries({ host: `127.0.0.1:${port}`, ...headers });
  const lines = all
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line}\r\n${lines.join("")}\r\n`;
}

/** `application/json` in chunks, as a client sends that does not know the length. */
export function chunked(body: Buffer, size = 1024 * 1024): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

/** All that came, without the invitation to go on that may come before the answer. */
function received(chunks: Buffer[]): Buffer {
  const bytes = Buffer.concat(chunks);
  return bytes.indexOf(CONTINUE) === 0 ? bytes.subarray(CONTINUE.length) : bytes;
}

function answerIn(bytes: Buffer): Omit<RawAnswer, "reset"> {
  const [text = "", body = ""] = splitOnce(bytes.toString("utf8"), "\r\n\r\n");
  const [line = "", ...lines] = text.split("\r\n");
  const headers = Object.fromEntries(
    lines.map((each) => {
      const [name = "", value = ""] = splitOnce(each, ":");
      return [name.toLowerCase(), value.trim()];
    }),
  );
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? 0), headers, body };
}

function isWhole(bytes: Buffer, isHead: boolean): boolean {
  const end = bytes.indexOf("\r\n\r\n");
  const length = isHead ? 0 : Number(answerIn(bytes).headers["content-length"] ?? Number.NaN);
  return end !== -1 && bytes.length >= end + 4 + length;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
