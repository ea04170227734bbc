/** A response as the events of its stream: bare data lines, rising numbers, no `[DONE]` (protocol 4b.4). */
import { createHash } from "node:crypto";
import type { JsonObject } from "../../hub/json.ts";
import { pieces } from "../openai-compatible/chat-answer.ts";

export function eventsOf(response: JsonObject): JsonObject[] {
  const opening = {
    ...response,
    status: "in_progress",
    completed_at: null,
    content_filters: null,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const items = response.output as JsonObject[];
  const events: JsonObject[] = [
    { type: "response.created", response: opening },
    { type: "response.in_progress", response: opening },
    ...items.flatMap((item, index) => itemEvents(item, index)),
    { type: `response.${String(response.status)}`, response },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function itemEvents(item: JsonObject, output_index: number): JsonObject[] {
  const { opened, between } = partsOf(item, { item_id: String(item.id), output_index });
  return [
    { type: "response.output_item.added", item: opened, output_index },
    ...between,
    { type: "response.output_item.done", item, output_index },
  ];
}

interface Place extends JsonObject {
  item_id: string;
  output_index: number;
}

function partsOf(item: JsonObject, place: Place): { opened: JsonObject; between: JsonObject[] } {
  if (item.type === "message") {
    const opened = { ...item, status: "in_progress", content: [] };
    return { opened, between: textEvents(item.content as JsonObject[], place) };
  }
  if (item.type !== "function_call") return { opened: item, between: [] };
  const written = String(item.arguments);
  return {
    opened: { ...item, status: "in_progress", arguments: "" },
    between: [
      ...pieces(written).map((delta) => ({
        type: "response.function_call_arguments.delta",
        delta,
        ...place,
        obfuscation: noise(delta),
      })),
      { type: "response.function_call_arguments.done", arguments: written, ...place },
    ],
  };
}

function textEvents(content: JsonObject[], place: Place): JsonObject[] {
  return content.flatMap((part, content_index) => {
    const at = { content_index, ...place };
    const text = String(part.text);
    return [
      { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
      ...pieces(text).map((delta) => ({
        type: "response.output_text.delta",
        ...at,
        delta,
        logprobs: [],
        obfuscation: noise(delta),
      })),
      { type: "response.output_text.done", ...at, logprobs: [], text },
      { type: "response.content_part.done", ...at, part },
    ];
  });
}

/** Padding that hides how long a delta is; ours is the same each time. */
function noise(delta: string): string {
  const digest = createHash("sha256").update(delta).digest("base64").replace(/[+/=]/g, "");
  return digest.slice(0, Math.max(1, 16 - delta.length));
}
