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
  error: Told | undefined;
}

export interface Told {
  message: string;
  type?: string;
  code?: string | number;
  status?: string;
}

const ANTHROPIC: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};
const GOOGLE: Record<number, string> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
  529: "UNAVAILABLE",
};
/** What Codex reads in a `response.failed`. */
const FAILED: Record<number, string> = {
  429: "rate_limit_exceeded",
  503: "server_is_overloaded",
  529: "server_is_overloaded",
};

/** What a client of the dialect calls an error of this status, told by its head or, `inBand`, in the stream. */
export function wordFor(wire: WireName, status: number, inBand: boolean): string {
  if (wire === "anthropic") return ANTHROPIC[status] ?? "api_error";
  if (wire === "gemini") return GOOGLE[status] ?? "INTERNAL";
  if (wire === "openai-responses" && inBand) return FAILED[status] ?? "server_error";
  return status === 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error";
}

/** The words of an error by which clients decide. */
export function wordsIn({ type, code, status }: Told): unknown[] {
  return [type, code, status];
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
function errorIn(document: { error?: unknown }): Told | undefined {
  return (document.error ?? undefined) as Told | undefined;
}

function errorFrameIn(text: string): Told | undefined {
  const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = ""]) => JSON.parse(json));
  return events
    .map((event) => event.error ?? event.response?.error ?? undefined)
    .find((error) => error?.message);
}
