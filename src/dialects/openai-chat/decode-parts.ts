import type { Block, DocumentBlock } from "../../hub/messages.ts";
import { parseDataUrl } from "../openai/data-url.ts";
import type { ChatPart } from "./wire.ts";

/** Content as the hub has it: a text stays a text, parts become blocks. */
export function decodeContent(
  content: string | ChatPart[] | null | undefined,
  note: (text: string) => void,
): string | Block[] {
  if (!Array.isArray(content)) return content ?? "";
  return content.flatMap((part) => decodePart(part, note));
}

function decodePart(part: ChatPart, note: (text: string) => void): Block[] {
  switch (part.type) {
    case "text":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "refusal":
      return part.refusal === "" ? [] : [{ type: "text", text: part.refusal }];
    case "image_url": {
      const url = typeof part.image_url === "string" ? part.image_url : part.image_url.url;
      return [{ type: "image", source: parseDataUrl(url) ?? { type: "url", url } }];
    }
    case "file":
      return decodeFile(part.file);
    case "input_audio":
      note("input_audio is left out: no model behind this gateway hears");
      return [];
  }
}

function decodeFile({ file_data, filename }: { file_data: string; filename?: string }): Block[] {
  const source = parseDataUrl(file_data);
  if (!source) return [];
  if (source.media_type.startsWith("image/")) return [{ type: "image", source }];
  const title = filename === undefined ? {} : { title: filename };
  return [{ type: "document", source: documentSource(source.media_type, source.data), ...title }];
}

function documentSource(mediaType: string, data: string): DocumentBlock["source"] {
  if (!mediaType.startsWith("text/")) return { type: "base64", media_type: mediaType, data };
  return { type: "text", media_type: "text/plain", data: Buffer.from(data, "base64").toString("utf8") };
}
