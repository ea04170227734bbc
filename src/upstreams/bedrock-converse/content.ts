/** Messages' blocks as Converse's: the kind of a block is the name of its one member. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type Block, blocksOf, isMessageList, type Message } from "../bedrock-claude/message.ts";
import { isBlank } from "../bedrock-claude/text.ts";
import type { Call } from "../types.ts";
import { CACHE_POINT } from "./cache-points.ts";
import { DocumentNames } from "./document-names.ts";
import { documentBlock, imageBlock } from "./media.ts";

/** What a conversion needs beside the block. */
interface Context {
  call: Call;
  names: DocumentNames;
}

export function converseSystem(system: Json | undefined, call: Call): Json | undefined {
  if (typeof system === "string") return [{ text: system }];
  if (!Array.isArray(system)) return system;
  const context = { call, names: new DocumentNames() };
  return system.filter(isObject).flatMap((block) => marked(block, converseBlock(block, context)));
}

export function converseMessages(messages: Json | undefined, call: Call): Json | undefined {
  if (!isMessageList(messages)) return messages;
  const context = { call, names: new DocumentNames() };
  return messages.map((message) => converseMessage(message, context));
}

function converseMessage(message: Message, context: Context): JsonObject {
  const content = blocksOf(message).flatMap((block) => marked(block, converseBlock(block, context)));
  return { role: message.role, content: introduced(content) };
}

/** The blocks, and a cache point behind them where the block was marked, at itself or inside. */
function marked(block: Block, converted: JsonObject[]): JsonObject[] {
  return converted.length > 0 && isMarked(block) ? [...converted, CACHE_POINT] : converted;
}

function isMarked({ cache_control, content }: Block): boolean {
  if (cache_control !== undefined) return true;
  return Array.isArray(content) && content.some((inner) => isObject(inner) && isMarked(inner));
}

/** "A text block must accompany a document in its message" (AWS, Converse API reference, `DocumentBlock`, 2026-11). */
function introduced(content: JsonObject[]): JsonObject[] {
  const alone = content.some(({ document }) => document) && !content.some(({ text }) => text);
  return alone ? [...content, { text: "The document is attached." }] : content;
}

function converseBlock(block: Block, context: Context): JsonObject[] {
  switch (block.type) {
    case "tool_use":
      return [{ toolUse: { toolUseId: block.id ?? "", name: block.name ?? "", input: block.input ?? {} } }];
    case "tool_result":
      return [toolResult(block, context)];
    default:
      return shownBlock(block, context);
  }
}

/** What may also stand inside a tool's result. */
function shownBlock(block: Block, context: Context): JsonObject[] {
  switch (block.type) {
    case "text":
      return typeof block.text === "string" ? [{ text: block.text }] : [];
    case "image":
      return imageBlock(block, context.call);
    case "document":
      return documentBlock(block, context.names, context.call);
    case "search_result":
      return [{ text: searchResultText(block) }];
    default:
      context.call.note(`a block of type ${String(block.type)} is left out: Amazon Nova does not know it`);
      return [];
  }
}

function toolResult({ tool_use_id, content, is_error }: Block, context: Context): JsonObject {
  const blocks = Array.isArray(content) ? content.filter(isObject) : [];
  const said =
    typeof content === "string" && !isBlank(content)
      ? [{ text: content }]
      : blocks.flatMap((block) => shownBlock(block, context));
  return {
    toolResult: {
      toolUseId: tool_use_id ?? "",
      // Blank text is refused, and a result without content says nothing to the model.
      content: said.length > 0 ? said : [{ text: "(no output)" }],
      status: is_error === true ? "error" : "success",
    },
  };
}

function searchResultText({ title, source, content }: Block): string {
  const texts = Array.isArray(content) ? content.filter(isObject).map(({ text }) => text) : [];
  return [title, source, ...texts].filter((line) => typeof line === "string").join("\n");
}
