import { ApiError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Block } from "./message.ts";

/**
 * Bedrock fetches no URLs (protocol.md 4a.3, 7.2 #37). A `data:` URL holds its bytes and becomes them.
 * @throws ApiError 400 for any other URL: fetching what a request names is not a proxy's business (DESIGN 8).
 */
export function inlineSource(block: Block, path: string): Block {
  const { source } = block;
  if (!isObject(source) || source.type !== "url") return block;
  const inlined = typeof source.url === "string" ? parseDataUrl(source.url) : undefined;
  if (inlined !== undefined) return withMember(block, "source", inlined);
  throw new ApiError(
    400,
    `${path}.source.url: Bedrock on SAP AI Core does not fetch URLs; send the ${block.type} as base64.`,
    {
      reason: "url_source_unsupported",
      hint: "Download it and send its bytes as a base64 source.",
    },
  );
}

/** The bytes of `data:<media type>[;…][;base64],<data>` as a source; plain text has a source type of its own. */
function parseDataUrl(url: string): JsonObject | undefined {
  const match = url.match(/^data:([^;,]+)((?:;[^;,]+)*),(.*)$/is);
  if (match === null) return undefined;
  const [, mediaType = "", parameters = "", data = ""] = match;
  const type = mediaType.toLowerCase();
  const base64 = /;base64$/i.test(parameters) ? data : percentDecoded(data)?.toString("base64");
  if (base64 === undefined) return undefined;
  if (type !== "text/plain") return { type: "base64", media_type: type, data: base64 };
  return { type: "text", media_type: type, data: Buffer.from(base64, "base64").toString("utf8") };
}

function percentDecoded(data: string): Buffer | undefined {
  try {
    return Buffer.from(decodeURIComponent(data), "utf8");
  } catch {
    return undefined;
  }
}
