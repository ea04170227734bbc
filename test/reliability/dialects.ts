/** One question in each dialect, and what its client makes of the answer. */
import type { HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import { bodyOf, pathOf, readStream } from "../matrix/client.ts";
import type { Front } from "../support/stack.ts";

export const WIRES: WireName[] = ["anthropic", "openai-chat", "openai-responses", "gemini"];

export interface Seen {
  status: number;
  headers: Headers;
  text: string;
  /** Whether a client of the dialect takes the answer for whole. */
  complete: boolean;
  /** The error that it is told, by status or in the stream, in the dialect's shape. */
  error: { message: string } | undefined;
}

export async function askIn(
  wire: WireName,
  { post }: Front,
  { model, stream }: { model: string; stream: boolean },
): Promise<Seen> {
  const messages: HubRequest["messages"] = [{ role: "user", content: "Say: one two three four" }];
  const request: HubRequest = { model, stream, max_tokens: 1_000, messages };
  const response = await post(pathOf(wire, request), bodyOf(wire, request));
  const { status, headers } = response;
  const text = await response.text();
  const streamed = headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (!streamed) return { status, headers, text, complete: status === 200, error: errorIn(JSON.parse(text)) };
  return { status, headers, text, complete: readStream(wire, text).complete, error: errorFrameIn(text) };
}

/** All four have an `error` with a `message`. */
function errorIn(document: { error?: unknown }): { message: string } | undefined {
  return (document.error ?? undefined) as { message: string } | undefined;
}

function errorFrameIn(text: string): { message: string } | undefined {
  const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = ""]) => JSON.parse(json));
  return events
    .map((event) => event.error ?? event.response?.error ?? undefined)
    .find((error) => error?.message);
}
