import { ApiError } from "../../errors.ts";
import type { Json } from "../../hub/json.ts";
import type { Block, DocumentBlock, ImageBlock } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { dataUrlOf } from "../openai/data-url.ts";

/** Where a block stands, for errors, and who is told what is left out. */
export interface Place {
  path: string;
  target: Target;
}

/** A block as a part of a user message. Thinking has no place there, and blocks that only Messages has have none at all. */
export function encodePart(block: Block, { path, target }: Place): Json[] {
  switch (block.type) {
    case "text":
      return block.text === "" ? [] : [{ type: "text", text: block.text }];
    case "image":
      return [{ type: "image_url", image_url: { url: imageUrl(block) } }];
    case "document":
      return [encodeDocument(block, path)];
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
  target.note(`${block.type} blocks are left out: chat completions have no place for them`);
}

/** A single text stands as a text: every host takes that. */
export function contentOf(parts: Json[]): Json {
  const [first, ...more] = parts as { type: string; text?: string }[];
  return first?.type === "text" && more.length === 0 ? (first.text ?? "") : parts;
}

function imageUrl({ source }: ImageBlock): string {
  return source.type === "url" ? source.url : dataUrlOf(source);
}

function encodeDocument({ source, title }: DocumentBlock, path: string): Json {
  if (source.type === "text") {
    return { type: "text", text: title === undefined ? source.data : `${title}\n\n${source.data}` };
  }
  const url = source.type === "url" ? source.url : dataUrlOf(source);
  if (!url.startsWith("data:")) {
    throw new ApiError(400, `${path}.source.url: this model's host does not fetch documents.`, {
      reason: "url_source_unsupported",
      hint: "Download it and send its bytes as a base64 source.",
    });
  }
  return { type: "file", file: { filename: title ?? "document.pdf", file_data: url } };
}
