import type { JsonObject } from "../../hub/json.ts";
import type { Block, DocumentBlock } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { dataUrlOf } from "../openai/data-url.ts";

/**
 * A block as a part of a user's message or of a tool's output. Azure fetches https images and documents itself.
 * Thinking has no place there, and blocks that only Messages has have none at all.
 */
export function encodePart(block: Block, target: Target): JsonObject[] {
  switch (block.type) {
    case "text":
      return block.text === "" ? [] : [{ type: "input_text", text: block.text }];
    case "image": {
      const { source } = block;
      return [{ type: "input_image", image_url: source.type === "url" ? source.url : dataUrlOf(source) }];
    }
    case "document":
      return [encodeDocument(block)];
    case "thinking":
    case "redacted_thinking":
      return [];
    default:
      noteLeftOut(block, target);
      return [];
  }
}

/** Blocks of the Messages API that no sibling has, such as results of its server tools. */
export function noteLeftOut(block: { type: string }, target: Target): void {
  target.note(`${block.type} blocks are left out: the Responses API has no place for them`);
}

function encodeDocument({ source, title }: DocumentBlock): JsonObject {
  if (source.type === "text") {
    return { type: "input_text", text: title === undefined ? source.data : `${title}\n\n${source.data}` };
  }
  if (source.type === "url") {
    return { type: "input_file", file_url: source.url, ...(title !== undefined && { filename: title }) };
  }
  return { type: "input_file", filename: title ?? "document.pdf", file_data: dataUrlOf(source) };
}
