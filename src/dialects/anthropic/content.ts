import { ApiError, invalidRequest as invalid } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

/** Block types of the Messages API and its betas (types of @anthropic-ai/sdk 1.11.0, 2026-11). */
const BLOCK_TYPES = new Set([
  "text",
  "image",
  "document",
  "search_result",
  "thinking",
  "redacted_thinking",
  "tool_use",
  "tool_result",
  "tool_reference",
  "server_tool_use",
  "web_search_tool_result",
  "web_fetch_tool_result",
  "code_execution_tool_result",
  "bash_code_execution_tool_result",
  "text_editor_code_execution_tool_result",
  "tool_search_tool_result",
  "advisor_tool_result",
  "mcp_tool_use",
  "mcp_tool_result",
  "mcp_tool_listing",
  "container_upload",
  "compaction",
  "tool_addition",
  "tool_removal",
  "fallback",
]);

const IMAGE_TYPES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+);base64,/;

/**
 * Checks the blocks of one message, those inside tool results too.
 * @throws ApiError 400 naming the block by its path, such as `messages.3.content.0.type`.
 */
export function checkContent(blocks: Json[], path: string): void {
  blocks.forEach((block, index) => {
    const at = `${path}.${index}`;
    if (!isObject(block)) throw invalid(`${at}: Input should be an object`);
    const { type } = block;
    if (typeof type !== "string") throw invalid(`${at}.type: Field required`);
    if (!BLOCK_TYPES.has(type))
      throw invalid(`${at}.type: Input tag '${type.slice(0, 64)}' is not a known block type`);
    if (type === "image" || type === "document") checkSource(block, at);
    if (type === "text" && typeof block.text !== "string") throw invalid(`${at}.text: Field required`);
    if (type === "tool_result" && Array.isArray(block.content)) checkContent(block.content, `${at}.content`);
  });
}

/** Images and documents: inline data of a known type. We never fetch a client's URL (security T13). */
function checkSource(block: JsonObject, at: string): void {
  const { source } = block;
  if (!isObject(source)) throw invalid(`${at}.source: Field required`);
  const path = `${at}.source`;
  switch (source.type) {
    case "base64":
      checkMediaType(block.type, source.media_type, path);
      checkBase64(source.data, `${path}.data`);
      return;
    case "url": {
      const url = typeof source.url === "string" ? source.url : "";
      const head = DATA_URL.exec(url);
      if (!head) {
        throw new ApiError(
          400,
          `${path}.url: only data: URLs are supported; send the ${block.type} as base64`,
          {
            hint: "The models behind SAP AI Core do not fetch URLs, and neither does this proxy.",
          },
        );
      }
      checkMediaType(block.type, head[1], path);
      checkBase64(url.slice(head[0].length), `${path}.url`);
      return;
    }
    case "file":
      throw invalid(`${path}.type: uploaded files are not supported; send the ${block.type} as base64`);
  }
}

function checkMediaType(kind: Json | undefined, type: Json | undefined, path: string): void {
  const known =
    kind === "image" ? IMAGE_TYPES.has(String(type)) : type === "application/pdf" || type === "text/plain";
  if (known) return;
  const wanted = kind === "image" ? [...IMAGE_TYPES].join(", ") : "application/pdf";
  throw invalid(`${path}.media_type: Input should be one of: ${wanted}`);
}

function checkBase64(data: Json | undefined, path: string): void {
  if (typeof data !== "string" || data === "") throw invalid(`${path}: Field required`);
  if (data.length % 4 !== 0 || !BASE64.test(data)) throw invalid(`${path}: Input should be valid base64`);
}
