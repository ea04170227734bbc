import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { cleanBlock } from "./blocks.ts";
import { isBlank } from "./text.ts";

/**
 * Claude Code opens its system prompt with a block that names its version and entry point, and it changes between
 * calls: as the first block it would void the prompt cache behind it, and only Anthropic's own billing reads it.
 * Source: clients.md 1.4, captured from 2.1.197 and 2.1.329, 2026-11-21. Can go when Claude Code stops sending it
 * to gateways (`CLAUDE_CODE_ATTRIBUTION_HEADER=0` is what `aicore claude` sets; `serve` has no such say).
 */
const ATTRIBUTION = "x-anthropic-billing-header:";

/** The system prompt without attribution, blank blocks and foreign keys; without the key when nothing is left. */
export function cleanSystem(body: JsonObject, call: Call): JsonObject {
  const { system } = body;
  if (typeof system === "string") return isBlank(system) ? withMember(body, "system", undefined) : body;
  if (!Array.isArray(system)) return body;
  const clean = rewriteEach<Json>(system, (block, index) => {
    if (!isObject(block)) return block;
    if (typeof block.text === "string" && block.text.startsWith(ATTRIBUTION)) return [];
    return cleanBlock(block, `system.${index}`, call);
  });
  return withMember(body, "system", clean.length > 0 ? clean : undefined);
}
