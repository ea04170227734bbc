/** protocol.md 4a.5, flag by flag. */
import { expect, test } from "vitest";
import { body } from "./bodies.ts";
import { check } from "./check.ts";

const ACCEPTED = [
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
  "dangerous-tool-use-2026-09-03",
  "thinking-binding-controls-2026-08-01",
  "mid-conversation-output-config-2026-07-01",
  "mid-conversation-tool-changes-2026-07-01",
  "thinking-display-updates-2026-08-18",
];

const REFUSED = [
  "advanced-tool-use-2025-11-20",
  "structured-outputs-2025-12-15",
  "structured-outputs-2025-11-13",
  "prompt-caching-scope-2026-01-05",
  "redact-thinking-2026-02-12",
  "thinking-token-count-2026-05-13",
  "fallback-credit-2026-06-01",
  "server-side-fallback-2026-06-01",
  "prompt-caching-2024-07-31",
  "extended-cache-ttl-2025-04-11",
  "mcp-servers-2025-12-04",
  "skills-2025-10-02",
  "files-api-2025-04-14",
  "message-batches-2024-09-24",
  "managed-agents-2026-04-01",
  "code-execution-2025-05-22",
  "fast-mode-2026-02-01",
  "output-300k-2026-03-24",
  "user-profiles-2026-03-24",
  "advisor-tool-2026-03-01",
  "cache-diagnosis-2026-04-07",
  "oauth-2025-04-20",
  "per-turn-control-2026-07-01",
  "a-beta-of-next-year-2027-01-01",
];

test.each(ACCEPTED)("takes %s", (beta) => {
  expect(check(body({ anthropic_beta: [beta] }), "4.6-opus").anthropic_beta).toEqual([beta]);
});

test.each(REFUSED)("refuses %s without naming it, even among good ones", (beta) => {
  expect(() => check(body({ anthropic_beta: ["effort-2025-11-24", beta] }), "4.6-opus")).toThrow(
    /^invalid beta flag$/,
  );
});

test("Opus 4.7 does not take the beta of Claude Code, others do", () => {
  const patched = body({ anthropic_beta: ["claude-code-20250219"] });
  expect(() => check(patched, "4.7-opus")).toThrow("invalid beta flag");
  expect(() => check(patched, "4.8-opus")).not.toThrow();
});

test("a tenant may know fewer", () => {
  const patched = body({ anthropic_beta: ["compact-2026-01-12"] });
  expect(() => check(patched, "4.6-opus", ["compact-2026-01-12"])).toThrow("invalid beta flag");
});

test("betas come as a list", () => {
  expect(() => check(body({ anthropic_beta: "effort-2025-11-24" }), "4.6-opus")).toThrow(
    "anthropic_beta: Input should be a valid list",
  );
});
