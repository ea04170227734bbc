import { anthropic } from "./anthropic/errors.ts";
import { gemini } from "./gemini/errors.ts";
import { openai } from "./openai/errors.ts";
import { plain } from "./plain.ts";
import type { Dialect } from "./types.ts";

/** Our own routes. */
const OURS = /^\/(admin|stats|metrics|ready|health)(\/|$)/;

/**
 * Whose words an answer on this path speaks. Model lists are asked for by both Anthropic and OpenAI clients:
 * there the `anthropic-version` header decides. On paths that no family owns it is the prefix under which they
 * were called (`target` still has it), and Anthropic's without one.
 */
export function dialectOf(target: string, path: string, hasAnthropicVersion: boolean): Dialect {
  if (path.startsWith("/v1beta/") || path === "/v1beta") return gemini;
  if (/^\/v1\/models\/[^/]+:[A-Za-z]+$/.test(path)) return gemini;
  if (path.startsWith("/v1/messages")) return anthropic;
  if (/^\/v1\/(chat|responses|embeddings|completions|moderations)\b/.test(path)) return openai;
  if (path === "/v1/models" || path.startsWith("/v1/models/"))
    return hasAnthropicVersion ? anthropic : openai;
  if (OURS.test(path)) return plain;
  const prefix = /^\/(openai|gemini)(?=[/?#]|$)/.exec(target)?.[1];
  return prefix === "openai" ? openai : prefix === "gemini" ? gemini : anthropic;
}
