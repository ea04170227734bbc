/** The HTTP side: one request in, a record of it, a route, perhaps a fault, one answer out. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { JsonObject } from "../hub/json.ts";
import { type Answer, text } from "./answer.ts";
import { deliver, type Manner } from "./deliver.ts";
import { type Fault, type Faults, replacementOf } from "./faults.ts";
import type { RequestLog, RequestRecord } from "./request-log.ts";
import { addressOf, route, type World } from "./routes.ts";

/** What the server needs beside what the routes stand on. */
export interface Surroundings extends World {
  faults: Faults;
  log: RequestLog;
  /** Milliseconds between stream events. */
  pace: number;
  noteUsage: (record: RequestRecord, usage: JsonObject) => void;
  /** Answers `/sandbox/…`. */
  control: (method: string, path: string, body: string) => Answer;
  /** PEM. */
  tls: { cert: string | Buffer; key: string | Buffer } | undefined;
}

/** Longer than any test idles: a reused connection must not die of age. */
const KEEP_ALIVE_MS = 65_000;
const LARGEST_BODY = 64 * 1024 * 1024;

export function createSandboxServer(world: Surroundings): Server {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(world, request, response).catch((error: unknown) => fail(response, error));
  };
  const server = world.tls ? createSecureServer(world.tls, listener) : createServer(listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function serve(world: Surroundings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url: path = "/" } = request;
  if (path.startsWith("/sandbox/")) {
    const answer = world.control(method, path, (await bodyOf(request)) ?? "");
    return deliver(response, answer, {}, { pace: 0, onComplete: () => {}, onSever: () => {} });
  }
  const record = world.log.open(request);
  Object.assign(record, addressOf(world, path));
  const manner = follow(world, record, response);
  const body = await bodyOf(request);
  record.body = body ?? "";

  const fault = world.faults.take(record);
  record.faulted = fault !== undefined;
  const answer = withFault(fault, () =>
    body === undefined ? text(413, "Payload Too Large") : route(world, record),
  );
  if (answer.refusal !== undefined) world.log.refuse(record, answer.refusal);
  record.status = answer.status;
  world.log.touch(record);
  const { usage } = answer;
  const onComplete = () => {
    if (usage !== undefined) world.noteUsage(record, usage);
    manner.onComplete();
  };
  await deliver(response, answer, fault ?? {}, { ...manner, onComplete });
}

/** Keeps the record true to the end: whether the answer went out whole, and who hung up if it did not. */
function follow({ log, pace }: Surroundings, record: RequestRecord, response: ServerResponse): Manner {
  let severed = false;
  response.once("close", () => {
    record.aborted = !record.complete && !response.writableFinished && !severed;
    record.done = true;
    log.touch(record);
  });
  return {
    pace,
    onComplete() {
      record.complete = true;
      log.touch(record);
    },
    onSever() {
      severed = true;
    },
  };
}

/** The fault's own answer, or the real one with the fault's headers on it. */
function withFault(fault: Fault | undefined, real: () => Answer): Answer {
  if (fault === undefined) return real();
  const replacement = replacementOf(fault);
  if (replacement !== undefined) return replacement;
  const answer = real();
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}

/** The body as text; undefined when it is too large to be anyone's honest request. Throws when the caller leaves. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? undefined : Buffer.concat(chunks).toString();
}

/** A caller who left needs no answer; anything else that gets here is a bug of the sandbox and says so. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { "content-type": "text/plain" }).end(`sandbox failed: ${String(error)}`);
}
