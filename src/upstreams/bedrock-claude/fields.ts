import type { JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

/** What a body on `invoke` may hold (protocol.md 4a.2, from LiteLLM's contract; DESIGN 8 takes two away). */
const KNOWN: ReadonlySet<string> = new Set([
  "anthropic_version",
  "max_tokens",
  "messages",
  "anthropic_beta",
  "system",
  "stop_sequences",
  "temperature",
  "top_p",
  "top_k",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
]);

/** Dropped without a word: the first two are in the path, the betas went to `anthropic_beta`, and no model reads metadata. */
const SILENT: ReadonlySet<string> = new Set(["model", "stream", "betas", "metadata", "output_format"]);

/** The one version that Bedrock knows; a client's own (`2023-06-01`, `2026-10-21`) is refused (protocol.md 4a.2). */
const VERSION = "bedrock-2023-05-31";

/**
 * Drops every top-level field that Bedrock would refuse with `<field>: Extra inputs are not permitted`
 * (`context_management`, `thread`, `safeguards`, `mcp_servers`, a `cache_control` of the whole request …)
 * and sets the version.
 */
export function keepKnownFields(body: JsonObject, call: Call): JsonObject {
  for (const field of Object.keys(body)) {
    if (!KNOWN.has(field) && !SILENT.has(field))
      call.note(`${field} is left out: Claude on SAP AI Core refuses it`);
  }
  return withMember(onlyMembers(body, KNOWN), "anthropic_version", VERSION);
}
