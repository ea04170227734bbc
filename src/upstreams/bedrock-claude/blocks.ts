import { isObject, type Json } from "../../hub/json.ts";
import { isClaudeSignature } from "../../hub/signature.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { cleanCacheControl } from "./cache-control.ts";
import type { Block } from "./message.ts";
import { isServerToolBlock, tellServerTool } from "./server-tool-blocks.ts";
import { inlineSource } from "./sources.ts";
import { isBlank, textInPlaceOf } from "./text.ts";

/** What a block of each type may hold; anything else is `Extra inputs are not permitted` (protocol.md 4.0, 4a.3). */
const KEYS: ReadonlyMap<Json | undefined, ReadonlySet<string>> = new Map([
  ["text", new Set(["type", "text", "citations", "cache_control"])],
  ["image", new Set(["type", "source", "cache_control"])],
  ["document", new Set(["type", "source", "title", "context", "citations", "cache_control"])],
  ["search_result", new Set(["type", "source", "title", "content", "citations", "cache_control"])],
  ["tool_use", new Set(["type", "id", "name", "input", "cache_control"])],
  ["tool_result", new Set(["type", "tool_use_id", "content", "is_error", "cache_control"])],
  // No cache_control: thinking cannot be a breakpoint. The rest must come back byte for byte (protocol.md 4a.4).
  ["thinking", new Set(["type", "thinking", "signature"])],
  ["redacted_thinking", new Set(["type", "data"])],
]);

/** What may stand inside a tool_result (protocol.md 4a.3). */
const RESULT_TYPES: ReadonlySet<Json | undefined> = new Set(["text", "image", "document", "search_result"]);

/**
 * A content block as Bedrock takes it; an empty list when nothing of it may be sent. A type that we do not know
 * passes as it is: whether it is legal is for the upstream to say.
 * @param path where the client put it, for errors: `messages.3.content.0`
 */
export function cleanBlock(block: Block, path: string, call: Call): Block | Block[] {
  if (isServerToolBlock(block)) return tellServerTool(cleanCacheControl(block));
  const keys = KEYS.get(block.type);
  if (keys === undefined) return block;
  const clean = cleanCacheControl(onlyMembers(block, keys));
  switch (clean.type) {
    case "text":
      return cleanText(clean);
    case "image":
    case "document":
      return inlineSource(clean, path);
    case "tool_use":
      return completeToolUse(clean);
    case "search_result":
      return withCleanContent(clean, (inner, at) => cleanBlock(inner, `${path}.content.${at}`, call));
    case "tool_result":
      return sayWhenErrorIsSilent(
        withCleanContent(clean, (inner, at) => cleanResultBlock(inner, `${path}.content.${at}`, call)),
      );
    case "thinking":
      return keepIfSigned(clean, call);
    default:
      return clean;
  }
}

function cleanText(block: Block): Block | Block[] {
  return typeof block.text === "string" && isBlank(block.text) ? [] : dropWebCitations(block);
}

/** Citations of Anthropic's own web search, in a history that began elsewhere: the search is not known here. */
function dropWebCitations(block: Block): Block {
  if (!Array.isArray(block.citations)) return block;
  const isOfWeb = (citation: Json) => isObject(citation) && citation.type === "web_search_result_location";
  const kept = rewriteEach<Json>(block.citations, (citation) => (isOfWeb(citation) ? [] : citation));
  return withMember(block, "citations", kept.length > 0 || block.citations.length === 0 ? kept : undefined);
}

/** Claude Code's own compression has left calls without input or name (protocol.md 4a.3, SAIL live, 2026-08). */
function completeToolUse(block: Block): Block {
  const named =
    typeof block.name === "string" && block.name !== "" ? block : { ...block, name: "unknown_tool" };
  return named.input === undefined || named.input === null ? { ...named, input: {} } : named;
}

/**
 * Thinking that another model wrote has no signature, or one of its own maker in our mark; both are refused
 * (`thinking.signature: Field required`).
 */
function keepIfSigned(block: Block, call: Call): Block | Block[] {
  if (typeof block.signature === "string" && isClaudeSignature(block.signature)) return block;
  call.note("thinking without a signature is left out: Claude takes back only what it signed");
  return [];
}

/** The block with its inner blocks cleaned; without `content` when none is left. */
function withCleanContent(block: Block, clean: (inner: Block, at: number) => Block | Block[]): Block {
  const { content } = block;
  if (!Array.isArray(content)) return block;
  const cleaned = rewriteEach<Json>(content, (inner, at) => (isObject(inner) ? clean(inner, at) : inner));
  return withMember(block, "content", cleaned.length > 0 || content.length === 0 ? cleaned : undefined);
}

function cleanResultBlock(block: Block, path: string, call: Call): Block | Block[] {
  if (RESULT_TYPES.has(block.type)) return cleanBlock(block, path, call);
  // Tool search is Anthropic's; here all tools are loaded from the start (protocol.md 4a.3, PJQ; clients.md 1.4).
  const isReference = block.type === "tool_reference";
  const text = isReference ? `The tool ${String(block.tool_name)} is available.` : JSON.stringify(block);
  return cleanCacheControl(textInPlaceOf(block, text));
}

/**
 * ``tool_result: content cannot be empty if `is_error` is true``: a command that failed without a word
 * (markform#153, 2026-02-16).
 */
function sayWhenErrorIsSilent(block: Block): Block {
  const { content } = block;
  const silent = Array.isArray(content)
    ? content.length === 0
    : isBlank(typeof content === "string" ? content : "");
  return block.is_error === true && silent ? { ...block, content: "(no output)" } : block;
}
