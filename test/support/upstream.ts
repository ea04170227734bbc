/** A tenant with one deployment whose answers a test writes byte by byte: for what the sandbox cannot do. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "../../src/hub/json.ts";

export const MODEL = "anthropic--claude-4.5-sonnet";

export interface Upstream {
  serviceKey: JsonObject;
  port: number;
  /** Calls of the model so far. */
  hits: number;
  close(): Promise<void>;
}

/** Answers one call of the model, its body already read; `nth` counts from 1. */
export type ModelHandler = (response: ServerResponse, nth: number, request: IncomingMessage) => void;

/** `hostname`: the name by which the service key calls it. */
export async function startUpstream(model: ModelHandler, hostname = "127.0.0.1"): Promise<Upstream> {
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    const { pathname } = new URL(request.url ?? "/", "http://upstream");
    if (pathname.endsWith("/invoke") || pathname.endsWith("/invoke-with-response-stream")) {
      upstream.hits += 1;
      model(response, upstream.hits, request);
      return;
    }
    const document =
      pathname === "/oauth/token"
        ? { access_token: "token", token_type: "bearer", expires_in: 43_199 }
        : { count: 1, resources: [deploymentAt(url)] };
    // Closed, so that the first call of the model goes out on a fresh socket.
    response.writeHead(200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(document));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://${hostname}:${port}`;
  const upstream: Upstream = {
    serviceKey: {
      clientid: "sb-1!b2|aicore!b3",
      clientsecret: "secret",
      url,
      serviceurls: { AI_API_URL: url },
    },
    port,
    hits: 0,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return upstream;
}

function deploymentAt(url: string): JsonObject {
  return {
    id: "d1",
    deploymentUrl: `${url}/v2/inference/deployments/d1`,
    status: "RUNNING",
    scenarioId: "foundation-models",
    executableId: "aws-bedrock",
    details: { resources: { backendDetails: { model: { name: MODEL, version: "latest" } } } },
    createdAt: "2026-01-01T00:00:00Z",
  };
}

/** A whole answer to a call that does not stream. */
export const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
};

export function sendJson(response: ServerResponse, document: JsonObject): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(document));
}

/** One event as SAP frames it. */
export function frame(event: JsonObject): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** The head of a stream, up to its first open block. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(frame({ type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null } }));
  response.write(frame({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }));
}

export function textDelta(text: string): string {
  return frame({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
}

/** What closes a stream that `beginStream` opened. */
export const STREAM_END = [
  frame({ type: "content_block_stop", index: 0 }),
  frame({
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 7 },
  }),
  frame({ type: "message_stop" }),
].join("");
