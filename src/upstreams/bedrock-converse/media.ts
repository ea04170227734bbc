import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block } from "../bedrock-claude/message.ts";
import { isBlank } from "../bedrock-claude/text.ts";
import type { Call } from "../types.ts";
import type { DocumentNames } from "./document-names.ts";

const IMAGES: ReadonlyMap<Json | undefined, string> = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpeg"],
  ["image/jpg", "jpeg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
]);

const OFFICE = "application/vnd.openxmlformats-officedocument";

/** `DocumentBlock.format` (AWS, Converse API reference, 2026-11). */
const DOCUMENTS: ReadonlyMap<Json | undefined, string> = new Map([
  ["application/pdf", "pdf"],
  ["text/csv", "csv"],
  ["application/msword", "doc"],
  [`${OFFICE}.wordprocessingml.document`, "docx"],
  ["application/vnd.ms-excel", "xls"],
  [`${OFFICE}.spreadsheetml.sheet`, "xlsx"],
  ["text/html", "html"],
  ["text/plain", "txt"],
  ["text/markdown", "md"],
]);

/** A picture with its bytes; for a model that sees none, the words that there was one. */
export function imageBlock({ source }: Block, call: Call): JsonObject[] {
  if (!call.capabilities.images) return leftOut("an image", "the model sees none", call);
  const { media_type, data } = isObject(source) ? source : {};
  const format = IMAGES.get(media_type);
  if (format === undefined || typeof data !== "string") {
    return leftOut("an image", `${String(media_type)} is not a format that it reads`, call);
  }
  return [{ image: { format, source: { bytes: data } } }];
}

/** A document with its bytes; plain text as a text file, blocks in place of bytes as what they are. */
export function documentBlock(block: Block, names: DocumentNames, call: Call): JsonObject[] {
  const source = isObject(block.source) ? block.source : {};
  if (source.type === "content") return contentOf(source.content, call);
  const { media_type, data } = source;
  const format = DOCUMENTS.get(media_type);
  if (format === undefined || typeof data !== "string") {
    return leftOut("a document", `${String(media_type)} is not a format that it reads`, call);
  }
  const bytes = source.type === "text" ? Buffer.from(data, "utf8").toString("base64") : data;
  return [{ document: { format, name: names.next(block.title), source: { bytes } } }];
}

function contentOf(content: Json | undefined, call: Call): JsonObject[] {
  if (typeof content === "string") return isBlank(content) ? [] : [{ text: content }];
  const blocks = Array.isArray(content) ? content.filter(isObject) : [];
  return blocks.flatMap((block) => {
    if (block.type === "image") return imageBlock(block, call);
    return typeof block.text === "string" && !isBlank(block.text) ? [{ text: block.text }] : [];
  });
}

function leftOut(what: string, why: string, call: Call): JsonObject[] {
  call.note(`${what} is left out: ${why}`);
  return [{ text: `[${what} was left out: ${why}]` }];
}
