/**
 * Blocks of tools that Anthropic runs itself (web search, code execution, MCP connector, tool search), in a history
 * that began at Anthropic. Bedrock knows none of them (protocol.md 4a.3). They are told as text, call and result
 * each where it stands, so that the model still knows what it knew.
 */
import { isObject, type Json } from "../../hub/json.ts";
import type { Block } from "./message.ts";
import { textInPlaceOf } from "./text.ts";

const isCall = (type: string): boolean => type === "server_tool_use" || type === "mcp_tool_use";
const isResult = (type: string): boolean => type.endsWith("_tool_result");

export function isServerToolBlock({ type }: Block): boolean {
  return typeof type === "string" && (isCall(type) || isResult(type));
}

export function tellServerTool(block: Block): Block {
  const type = String(block.type);
  if (isCall(type))
    return textInPlaceOf(block, `[${String(block.name)} was called: ${JSON.stringify(block.input ?? {})}]`);
  const tool = type.slice(0, -"_tool_result".length);
  return textInPlaceOf(block, `[${tool} answered: ${JSON.stringify(withoutCiphers(block.content ?? null))}]`);
}

/** Encrypted members are long, and only Anthropic can read them. */
function withoutCiphers(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutCiphers);
  if (!isObject(value)) return value;
  const readable = Object.entries(value).filter(([key]) => !key.startsWith("encrypted_"));
  return Object.fromEntries(readable.map(([key, member]) => [key, withoutCiphers(member)]));
}
