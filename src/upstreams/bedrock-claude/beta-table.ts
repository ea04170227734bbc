/**
 * What becomes of each `anthropic-beta` flag. One unknown flag fails the whole request with `invalid beta flag`,
 * which does not name the culprit; so this is an allow-list, and a flag without a row is dropped.
 *
 * Sources: protocol.md 4a.5, where ROUTER = aicore-router's live probes (05/06-2026), SAIL = sail-proxy's
 * (07/08-2026, 236 requests), LL = LiteLLM's table; and the captures of 2026-11-21 for flags that have no row there.
 * A row can go when Bedrock ignores unknown flags.
 */
export type BetaVerdict =
  /** Sent, also after a refusal of unnamed flags: the request cannot do its work without it. */
  | "core"
  /** Sent until this deployment refuses it. */
  | "sent"
  /** Dropped without a word: refused, or it only announces fields that never leave here. */
  | "dropped";

export const BETAS: ReadonlyMap<string, BetaVerdict> = new Map([
  ["context-1m-2025-08-07", "core"], // ROUTER, SAIL, LL: ok. Without it a prompt over 200k fails on Sonnet 4 and 4.5.

  ["interleaved-thinking-2025-05-14", "sent"], // ROUTER, SAIL: ok; LL drops it
  ["claude-code-20250219", "sent"], // ROUTER, SAIL: ok; claude-code#49370 and #49648 tell of refusals on Opus 4.7
  ["context-management-2025-06-27", "sent"], // ROUTER, SAIL, LL: ok (the body's field is not)
  ["fine-grained-tool-streaming-2025-05-14", "sent"], // ROUTER, SAIL, LL: ok
  ["effort-2025-11-24", "sent"], // ROUTER, SAIL, LL: ok
  ["compact-2026-01-12", "sent"], // ROUTER, LL: ok
  ["computer-use-2025-01-24", "sent"], // ROUTER, LL: ok
  ["computer-use-2025-11-24", "sent"], // ROUTER, LL: ok
  ["mid-conversation-system-2026-04-07", "sent"], // SAIL: ok
  ["afk-mode-2026-01-31", "sent"], // SAIL: ok
  ["tool-search-tool-2025-10-19", "sent"], // LL: ok
  ["dangerous-tool-use-2026-09-03", "sent"], // LL: ok; nobody tried
  ["thinking-binding-controls-2026-08-01", "sent"], // LL: ok; nobody tried
  ["mid-conversation-output-config-2026-07-01", "sent"], // LL: ok; nobody tried
  ["mid-conversation-tool-changes-2026-07-01", "sent"], // LL: ok; nobody tried
  ["thinking-display-updates-2026-08-18", "sent"], // LL: ok; nobody tried

  // ROUTER renames it to tool-search-tool-2025-10-19. Dropped instead: all that it unlocks (defer_loading,
  // input_examples, allowed_callers) is cut from the tools, so the new name would be a risk that buys nothing.
  ["advanced-tool-use-2025-11-20", "dropped"],
  ["structured-outputs-2025-12-15", "dropped"], // SAIL: refused 8 of 8; ROUTER: ok. We emulate it.
  ["structured-outputs-2025-11-13", "dropped"], // LL drops it; opencode sends it (captures)
  ["prompt-caching-scope-2026-01-05", "dropped"], // ROUTER, SAIL: refused
  ["redact-thinking-2026-02-12", "dropped"], // ROUTER, SAIL: refused
  ["thinking-token-count-2026-05-13", "dropped"], // ROUTER, SAIL: refused
  ["fallback-credit-2026-06-01", "dropped"], // ROUTER: refused; SAIL lists it as bad
  ["server-side-fallback-2026-06-01", "dropped"], // ROUTER: refused; SAIL lists it as bad
  ["prompt-caching-2024-07-31", "dropped"], // ROUTER: refused, like all down to cache-diagnosis
  ["extended-cache-ttl-2025-04-11", "dropped"],
  ["mcp-servers-2025-12-04", "dropped"],
  ["skills-2025-10-02", "dropped"],
  ["files-api-2025-04-14", "dropped"],
  ["message-batches-2024-09-24", "dropped"],
  ["managed-agents-2026-04-01", "dropped"],
  ["code-execution-2025-05-22", "dropped"],
  ["fast-mode-2026-02-01", "dropped"],
  ["output-300k-2026-03-24", "dropped"],
  ["user-profiles-2026-03-24", "dropped"],
  ["advisor-tool-2026-03-01", "dropped"],
  ["cache-diagnosis-2026-04-07", "dropped"],
  ["oauth-2025-04-20", "dropped"], // CLIProxyAPI#4750
  ["per-turn-control-2026-07-01", "dropped"], // Claude Code 2.1.329 on every turn; announces a field we cut
  ["message-threads-2026-08-12", "dropped"], // Anthropic SDK 1.11.0; threads are refused at the door
  ["token-counting-2024-11-01", "dropped"], // Claude Code's count_tokens, which never goes up
]);
