/** An answer and a disturbance, written to the socket. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import type { Answer, StreamAnswer } from "./answer.ts";
import type { Disturbance } from "./faults.ts";
import { binaryFrame, pythonFrame, sseFrame } from "./frames.ts";

const FRAMINGS = { sse: sseFrame, python: pythonFrame, binary: binaryFrame };

/** A reset throws away what it overtakes: this long the events before it have to arrive. */
const GRACE_MS = 25;

export interface Manner {
  /** Milliseconds between the events of a stream. */
  pace: number;
  /** Called just before the last byte of an answer that goes out whole. */
  onComplete: () => void;
  /** Called just before a fault breaks the connection from this side. */
  onSever: () => void;
}

/**
 * Writes `answer`. Resolves when all is written or the caller has gone; a silence resolves at once and leaves
 * the connection open until the caller or the sandbox ends it.
 */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  disturbance: Disturbance,
  { pace, onComplete, onSever }: Manner,
): Promise<void> {
  const gone = whenGone(response);
  await pause(disturbance.delay ?? 0, gone);
  if (gone.aborted || disturbance.silence === true) return;
  if (disturbance.garbage !== undefined) {
    onSever();
    response.socket?.end(Buffer.from(disturbance.garbage, "latin1"));
    return;
  }
  const frames = "events" in answer ? framesOf(answer, disturbance) : [Buffer.from(answer.body)];
  const packed = disturbance.gzip === true ? [gzipSync(Buffer.concat(frames))] : frames;
  response.writeHead(answer.status, headersOf(answer, packed, disturbance));
  response.flushHeaders();

  const cut = cutOf(answer, disturbance);
  const whole = !cut || ("events" in answer && (disturbance.afterEvents ?? 0) >= answer.events.length);
  for (const [index, frame] of packed.entries()) {
    if (index > 0) await pause(pace, gone);
    if (gone.aborted) return;
    if (whole && index === packed.length - 1) onComplete();
    for (const piece of pieces(frame, disturbance.split)) await write(response, piece, gone);
  }
  if (cut && disturbance.ending === "silence") return;
  if (cut && disturbance.ending === "reset") {
    await pause(GRACE_MS, gone);
    onSever();
    reset(response.socket);
  } else response.end();
}

/** Node cannot reset a TLS socket; an end without TLS's farewell is read as a reset, too. */
function reset(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

function framesOf(answer: StreamAnswer, disturbance: Disturbance): Buffer[] {
  const { ending } = disturbance;
  const kept = cutOf(answer, disturbance)
    ? answer.events.slice(0, disturbance.afterEvents ?? 0)
    : answer.events;
  const events = typeof ending === "object" ? [...kept, ending] : kept;
  const frames = events.map((event, index) => FRAMINGS[answer.framing](event, disturbance.sse, index === 0));
  if (answer.farewell !== undefined && !cutOf(answer, disturbance))
    frames.push(Buffer.from(`data: ${answer.farewell}\n\n`));
  return frames;
}

function cutOf(answer: Answer, disturbance: Disturbance): boolean {
  return "events" in answer && disturbance.ending !== undefined;
}

function headersOf(answer: Answer, frames: Buffer[], disturbance: Disturbance): Record<string, string> {
  const headers = { ...answer.headers };
  if (disturbance.gzip === true) headers["content-encoding"] = "gzip";
  if (!("events" in answer)) headers["content-length"] = String(Buffer.concat(frames).length);
  if (disturbance.contentLength !== undefined) {
    headers["content-length"] = String(disturbance.contentLength);
    headers.connection = "close";
  }
  return headers;
}

function pieces(frame: Buffer, split: Disturbance["split"]): Buffer[] {
  const size = split === "bytes" ? 1 : (split ?? frame.length);
  return Array.from({ length: Math.ceil(frame.length / size) }, (_, index) =>
    frame.subarray(index * size, (index + 1) * size),
  );
}

async function write(response: ServerResponse, piece: Buffer, gone: AbortSignal): Promise<void> {
  if (gone.aborted || response.write(piece)) return;
  await once(response, "drain", { signal: gone }).catch(() => {});
}

/** Aborted when the connection closes, whoever closed it. */
function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.closed) controller.abort();
  response.once("close", () => controller.abort());
  return controller.signal;
}

async function pause(milliseconds: number, gone: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: gone }).catch(() => {});
}
