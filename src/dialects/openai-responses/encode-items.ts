import type { Json, JsonObject } from "../../hub/json.ts";
import { type Block, blocksOf, type HubMessage, type ToolResultBlock, textOf } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { encodePart, noteLeftOut } from "./encode-parts.ts";
import { encodeReasoning } from "./reasoning.ts";

/** The history as input items, in its order: thoughts before what they led to, results behind their calls. */
export function encodeItems(messages: HubMessage[], target: Target): JsonObject[] {
  return messages.flatMap((message) => {
    if (message.role === "assistant") return encodeAssistant(blocksOf(message.content), target);
    if (message.role === "user") return encodeUser(message, target);
    const text = instructionOf(message.content);
    return text === "" ? [] : [{ type: "message", role: "developer", content: text }];
  });
}

/** The texts of instructions, one paragraph each. */
export function instructionOf(content: string | Block[] | undefined): string {
  const texts = blocksOf(content).map((block) => textOf([block]));
  return texts.filter((text) => text !== "").join("\n\n");
}

/** Texts that follow each other are one message. */
function encodeAssistant(blocks: Block[], target: Target): JsonObject[] {
  const items: JsonObject[] = [];
  let said: Json[] = [];
  for (const block of blocks) {
    if (block.type === "text") {
      if (block.text === "") continue;
      if (said.length === 0) {
        said = [];
        items.push({ type: "message", role: "assistant", content: said });
      }
      said.push({ type: "output_text", text: block.text });
      continue;
    }
    said = [];
    items.push(...encodeAction(block, target));
  }
  return items;
}

function encodeAction(block: Block, target: Target): JsonObject[] {
  switch (block.type) {
    case "tool_use":
      return [
        {
          type: "function_call",
          call_id: block.id,
          name: block.name,
          arguments: JSON.stringify(block.input),
        },
      ];
    case "thinking":
    case "redacted_thinking":
      return encodeReasoning(block);
    default:
      noteLeftOut(block, target);
      return [];
  }
}

/** Results first: they answer the calls just before. */
function encodeUser({ content }: HubMessage, target: Target): JsonObject[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "message", role: "user", content }];
  const results = content.filter((block): block is ToolResultBlock => block.type === "tool_result");
  const parts = content
    .filter(({ type }) => type !== "tool_result")
    .flatMap((block) => encodePart(block, target));
  return [
    ...results.map((result) => encodeResult(result, target)),
    ...(parts.length > 0 ? [{ type: "message", role: "user", content: parts }] : []),
  ];
}

/** A text where it is nothing but text: every model takes that. */
function encodeResult({ tool_use_id, content }: ToolResultBlock, target: Target): JsonObject {
  const parts = blocksOf(content).flatMap((block) =>
    IN_RESULT.has(block.type) ? encodePart(block, target) : told(block),
  );
  const texts = parts.map(({ type, text }) => (type === "input_text" ? text : undefined));
  const output = texts.includes(undefined) ? parts : texts.join("\n\n");
  return { type: "function_call_output", call_id: tool_use_id, output };
}

const IN_RESULT: ReadonlySet<string> = new Set(["text", "image", "document"]);

/** Other blocks of a result in words. Tool search is Anthropic's; here all tools are given from the start. */
function told(block: { type: string; tool_name?: Json }): JsonObject[] {
  const isReference = block.type === "tool_reference";
  const text = isReference ? `The tool ${String(block.tool_name)} is available.` : JSON.stringify(block);
  return [{ type: "input_text", text }];
}
