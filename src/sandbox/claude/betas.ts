/** `anthropic_beta`: one flag that Bedrock does not know fails the whole request, unnamed (protocol 4a.5). */
import type { ClaudeRules } from "../models.ts";
import { Refusal } from "../refusal.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "claude-code-20250219",
  "interleaved-thinking-2025-05-14",
  "context-1m-2025-08-07",
  "context-management-2025-06-27",
  "fine-grained-tool-streaming-2025-05-14",
  "effort-2025-11-24",
  "compact-2026-01-12",
  "computer-use-2025-01-24",
  "computer-use-2025-11-24",
  "mid-conversation-system-2026-04-07",
  "afk-mode-2026-01-31",
  "tool-search-tool-2025-10-19",
  // One source only (LiteLLM's table) has these.
  "dangerous-tool-use-2026-09-03",
  "thinking-binding-controls-2026-08-01",
  "mid-conversation-output-config-2026-07-01",
  "mid-conversation-tool-changes-2026-07-01",
  "thinking-display-updates-2026-08-18",
]);

/** `unknown`: flags of the list above that this tenant does not know, for tests of a client that learns. */
export function checkBetas(
  betas: readonly string[],
  rules: ClaudeRules,
  unknown: readonly string[] = [],
): void {
  const refused = [...rules.refusedBetas, ...unknown];
  if (betas.some((beta) => !KNOWN.has(beta) || refused.includes(beta)))
    throw new Refusal("invalid beta flag");
}
