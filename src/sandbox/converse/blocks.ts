/** The content blocks of Converse, member by member (AWS, Converse API reference, 2026-11). */
import { isObject, type Json } from "../../hub/json.ts";
import { imageData, pdfData } from "../claude/media.ts";
import { Refusal } from "../refusal.ts";
import { array, type Check, dictionary, malformed, object, oneOf, string, union } from "./schema.ts";

/** An Anthropic client's own key: Bedrock refuses it without a word (protocol 4a.8, WL, Kilo Code). */
export const WORDLESS = "cache_control inside Converse content";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const IMAGES = ["png", "jpeg", "gif", "webp"];
const DOCUMENTS = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];

export const toolName = string(NAME);
export const cachePoint = object({ type: oneOf("default") });
const bytes = object({ bytes: string() });

const image: Check = (value, path) => {
  object({ format: oneOf(...IMAGES), source: bytes })(value, path);
  const { format, source } = value as { format: string; source: { bytes: string } };
  imageData({ type: "base64", media_type: `image/${format}`, data: source.bytes }, path);
};

const document: Check = (value, path) => {
  const name = string(/^(?!.*\s\s)[A-Za-z0-9\s()[\]-]{1,200}$/);
  object({ format: oneOf(...DOCUMENTS), name, source: bytes })(value, path);
  const { format, source } = value as { format: string; source: { bytes: string } };
  if (format === "pdf") pdfData({ type: "base64", media_type: "application/pdf", data: source.bytes }, path);
  if (source.bytes === "") malformed(path, "the document is empty");
};

const toolUse = object({ toolUseId: toolName, name: toolName, input: dictionary });

const toolResult = object(
  {
    toolUseId: toolName,
    content: array(union({ text: string(), json: dictionary, image, document }), 1),
  },
  { status: oneOf("success", "error") },
);

export const contentBlock = wordless(
  union({ text: string(), image, document, toolUse, toolResult, cachePoint }),
);
export const systemBlock = wordless(union({ text: string(), cachePoint }));

function wordless(check: Check): Check {
  return (value, path) => {
    if (holdsCacheControl(value)) throw new Refusal(WORDLESS);
    check(value, path);
  };
}

/** On a block or on one inside a tool's result; arguments of calls are data. */
function holdsCacheControl(block: Json): boolean {
  if (!isObject(block)) return false;
  if (block.cache_control !== undefined) return true;
  const { content } = isObject(block.toolResult) ? block.toolResult : {};
  return Array.isArray(content) && content.some(holdsCacheControl);
}
