import type { Json, JsonObject } from "../../hub/json.ts";
import {
  type Block,
  blocksOf,
  type HubMessage,
  type HubRequest,
  type ToolResultBlock,
  textOf,
} from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { contentOf, encodePart, noteLeftOut, type Place } from "./encode-parts.ts";
import { History } from "./history.ts";
import { encodeReasoning } from "./reasoning.ts";
import { encodeFunctionCall } from "./tool-calls.ts";

/**
 * The history as chat messages.
 * @throws ApiError 400 for a document that would have to be fetched, naming its path.
 */
export function encodeMessages(request: HubRequest, target: Target): JsonObject[] {
  const history = new History();
  const system = instructionOf(request.system);
  if (system !== "") history.add({ role: "system", content: system });
  request.messages.forEach((message, index) => {
    const place = { path: `messages.${index}.content`, target };
    if (message.role === "user") encodeUser(message, history, place);
    else if (message.role === "assistant") encodeAssistant(message, history, place);
    else {
      const content = instructionOf(message.content);
      if (content !== "") history.add({ role: "system", content });
    }
  });
  return history.finish();
}

function instructionOf(content: string | Block[] | undefined): string {
  const texts = blocksOf(content).map((block) => textOf([block]));
  return texts.filter((text) => text !== "").join("\n\n");
}

/** A message of nothing but thoughts that are not this host's is left out. */
function encodeAssistant(message: HubMessage, history: History, { target }: Place): void {
  const blocks = blocksOf(message.content);
  const calls = blocks.flatMap((block) => (block.type === "tool_use" ? [encodeFunctionCall(block)] : []));
  for (const block of blocks) {
    if (!SAID.has(block.type)) noteLeftOut(block, target);
  }
  const said = { text: textOf(blocks), calls, reasoning: encodeReasoning(blocks) };
  if (said.text !== "" || calls.length > 0) history.say(said);
}

const SAID: ReadonlySet<string> = new Set(["text", "tool_use", "thinking", "redacted_thinking"]);

/** Results first, as tool messages; then what they showed, and what the user says, as one user message. */
function encodeUser(message: HubMessage, history: History, place: Place): void {
  const { content } = message;
  if (typeof content === "string") {
    history.add({ role: "user", content });
    return;
  }
  const shown: Json[] = [];
  const rest: Json[] = [];
  for (const [index, block] of content.entries()) {
    const here = { ...place, path: `${place.path}.${index}` };
    if (block.type !== "tool_result") {
      rest.push(...encodePart(block, here));
      continue;
    }
    const { text, media } = readResult(block, here);
    if (!history.answer(block.tool_use_id, text)) rest.push(orphan(text), ...media);
    else if (media.length > 0) shown.push(labelOf(block), ...media);
  }
  const parts = [...shown, ...rest];
  if (parts.length > 0) history.add({ role: "user", content: contentOf(parts) });
  history.release();
}

/** Tool messages hold text only: pictures and documents of a result are shown by the user's message behind it. */
function readResult(block: ToolResultBlock, place: Place): { text: string; media: Json[] } {
  const media: Json[] = [];
  const texts: string[] = [];
  blocksOf(block.content).forEach((inner, index) => {
    if (inner.type === "text") texts.push(inner.text);
    else if (!MEDIA.has(inner.type)) texts.push(told(inner));
    else media.push(...encodePart(inner, { ...place, path: `${place.path}.content.${index}` }));
  });
  const text = texts.join("\n\n");
  return { text: text === "" && media.length > 0 ? "(shown in the next message)" : text, media };
}

const MEDIA: ReadonlySet<string> = new Set(["image", "document"]);

/** Other blocks of a result in words. Tool search is Anthropic's; here all tools are given from the start. */
function told(block: { type: string; tool_name?: Json }): string {
  if (block.type === "tool_reference") return `The tool ${String(block.tool_name)} is available.`;
  return JSON.stringify(block);
}

function labelOf({ tool_use_id }: ToolResultBlock): Json {
  return { type: "text", text: `Shown by tool call ${tool_use_id}:` };
}

/** A result whose call is gone, or was answered already: its content stays, as the user's words. */
function orphan(text: string): Json {
  return { type: "text", text: `Result of an earlier tool call:\n${text}` };
}
