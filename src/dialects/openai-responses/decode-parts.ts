import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block, DocumentBlock } from "../../hub/messages.ts";
import { parseDataUrl } from "../openai/data-url.ts";

type Note = (text: string) => void;

/** Content of a message, or output of a tool, as the hub has it: a text stays a text, parts become blocks. */
export function decodeContent(content: Json | undefined, note: Note): string | Block[] {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.flatMap((part) => (isObject(part) ? decodePart(part, note) : []));
}

function decodePart(part: JsonObject, note: Note): Block[] {
  switch (part.type) {
    case "input_text":
    case "output_text":
    case "text":
    case "summary_text":
      return textBlock(part.text);
    case "refusal":
      return textBlock(part.refusal);
    case "input_image":
      return decodeImage(part.image_url, note);
    case "input_file":
      return decodeFile(part, note);
    default:
      note(`content parts of type ${wordOf(part.type)} are left out: no other host knows them`);
      return [];
  }
}

function textBlock(text: Json | undefined): Block[] {
  return typeof text === "string" && text !== "" ? [{ type: "text", text }] : [];
}

/** The URL is a text here; some clients send the object of Chat Completions. */
function decodeImage(image: Json | undefined, note: Note): Block[] {
  const url = isObject(image) ? image.url : image;
  if (typeof url === "string") return [{ type: "image", source: parseDataUrl(url) ?? { type: "url", url } }];
  note("an image without image_url is left out: uploaded files are not supported");
  return [];
}

function decodeFile({ file_data, file_url, filename }: JsonObject, note: Note): Block[] {
  const title = typeof filename === "string" ? { title: filename } : {};
  if (typeof file_url === "string") {
    return [{ type: "document", source: { type: "url", url: file_url }, ...title }];
  }
  const source = typeof file_data === "string" ? parseDataUrl(file_data) : undefined;
  if (source === undefined) {
    note("a file without file_data is left out: uploaded files are not supported");
    return [];
  }
  if (source.media_type.startsWith("image/")) return [{ type: "image", source }];
  return [{ type: "document", source: documentSource(source.media_type, source.data), ...title }];
}

function documentSource(mediaType: string, data: string): DocumentBlock["source"] {
  if (!mediaType.startsWith("text/")) return { type: "base64", media_type: mediaType, data };
  return { type: "text", media_type: "text/plain", data: Buffer.from(data, "base64").toString("utf8") };
}

/** A word of the client's for the log: short, and nothing that drives a terminal. */
export function wordOf(value: Json | undefined): string {
  return typeof value === "string" && /^[\w.-]{1,64}$/.test(value) ? value : "(unknown)";
}
