import type { JsonObject } from "../../hub/json.ts";
import {
  type Block,
  blocksOf,
  type DocumentBlock,
  type HubMessage,
  type ImageBlock,
  type ToolResultBlock,
  textOf,
} from "../../hub/messages.ts";
import { tokenFrom } from "../../hub/signature.ts";
import type { Content, Part } from "./wire.ts";

/** The hub's messages as contents: one a message, roles `user` and `model`. */
export function encodeContents(messages: HubMessage[]): Content[] {
  const names = new Map<string, string>();
  return messages.flatMap((message): Content[] => {
    const parts = partsOf(message, names);
    return parts.length === 0 ? [] : [{ role: message.role === "assistant" ? "model" : "user", parts }];
  });
}

/** @param names of the calls so far, by id: an answer has to tell whose it is */
function partsOf({ role, content }: HubMessage, names: Map<string, string>): Part[] {
  switch (role) {
    case "assistant":
      return encodeModelBlocks(blocksOf(content), names);
    case "system":
      return [{ text: `<system-reminder>\n${textOf(content)}\n</system-reminder>` }];
    case "user":
      return encodeUserBlocks(blocksOf(content), names);
  }
}

/** A thought is not sent back, only Gemini's signature under it: on the part that follows, or on one of its own. */
function encodeModelBlocks(blocks: Block[], names: Map<string, string>): Part[] {
  const parts: Part[] = [];
  let signature: string | undefined;
  const flush = () => {
    if (signature) parts.push({ text: "", thoughtSignature: signature });
    signature = undefined;
  };
  for (const block of blocks) {
    if (block.type === "thinking") {
      const token = tokenFrom("gemini", block.signature);
      if (token) flush();
      signature = token ?? signature;
      continue;
    }
    if (block.type === "tool_use") names.set(block.id, block.name);
    for (const part of encodeBlock(block)) {
      parts.push(signature ? { ...part, thoughtSignature: signature } : part);
      signature = undefined;
    }
  }
  flush();
  return parts;
}

/** Answers first, in their order, then the images that were in them, then what the user says. */
function encodeUserBlocks(blocks: Block[], names: Map<string, string>): Part[] {
  const answers: Part[] = [];
  const shown: Part[] = [];
  const rest: Part[] = [];
  for (const block of blocks) {
    if (block.type !== "tool_result") {
      rest.push(...encodeBlock(block));
      continue;
    }
    const name = names.get(block.tool_use_id);
    const { text, media } = readResult(block);
    if (name === undefined) rest.push({ text });
    else {
      const response: JsonObject = block.is_error === true ? { error: text } : { output: text };
      answers.push({ functionResponse: { id: block.tool_use_id, name, response } });
    }
    shown.push(...media);
  }
  return [...answers, ...shown, ...rest];
}

/** Documents of plain text go into the answer's text; what only a file can hold stands beside it. */
function readResult({ content }: ToolResultBlock): { text: string; media: Part[] } {
  const parts = blocksOf(content).flatMap(encodeBlock);
  return {
    text: parts
      .map((part) => part.text ?? "")
      .join("\n")
      .trim(),
    media: parts.filter(({ text }) => text === undefined),
  };
}

function encodeBlock(block: Block): Part[] {
  switch (block.type) {
    case "text":
      return block.text === "" ? [] : [{ text: block.text }];
    case "image":
    case "document":
      return [encodeMedia(block)];
    case "tool_use":
      return [{ functionCall: { id: block.id, name: block.name, args: block.input } }];
    default:
      return [];
  }
}

function encodeMedia({ type, source }: ImageBlock | DocumentBlock): Part {
  switch (source.type) {
    case "text":
      return { text: source.data };
    case "base64":
      return { inlineData: { mimeType: source.media_type, data: source.data } };
    case "url":
      return encodeUrl(source.url, type);
  }
}

const DATA_URL = /^data:([^;,]+)[^,]*;base64,/i;
const BY_EXTENSION: readonly (readonly [RegExp, string])[] = [
  [/\.png$/i, "image/png"],
  [/\.webp$/i, "image/webp"],
  [/\.gif$/i, "image/gif"],
  [/\.pdf$/i, "application/pdf"],
];

/** Vertex fetches a file itself, and wants to know its type: the extension tells, or what the client called it. */
function encodeUrl(url: string, type: "image" | "document"): Part {
  const inline = DATA_URL.exec(url);
  if (inline) return { inlineData: { mimeType: inline[1] ?? "", data: url.slice(inline[0].length) } };
  const path = url.replace(/[?#].*$/s, "");
  const known = BY_EXTENSION.find(([extension]) => extension.test(path))?.[1];
  return {
    fileData: { mimeType: known ?? (type === "image" ? "image/jpeg" : "application/pdf"), fileUri: url },
  };
}
