/** One line for each row of protocol.md 4a.5, and what a refusal teaches. */
import { describe, expect, test } from "vitest";
import { callFor, OPUS_46, prepared, SONNET_45 } from "./request.ts";

const SENT = [
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

const DROPPED = [
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
  "message-threads-2026-08-12",
  "token-counting-2024-11-01",
];

const sentFor = (betas: readonly string[], options: Parameters<typeof callFor>[1] = {}, model = SONNET_45) =>
  prepared({}, callFor(model, { betas, ...options })).anthropic_beta;

describe("anthropic_beta (protocol.md 4a.5)", () => {
  test.each(SENT)("%s is sent", (beta) => {
    expect(sentFor([beta])).toEqual([beta]);
  });

  test.each(DROPPED)("%s is dropped without a word, and the key with it", (beta) => {
    const call = callFor(SONNET_45, { betas: [beta] });
    expect(prepared({}, call)).not.toHaveProperty("anthropic_beta");
    expect(call.notes).toEqual([]);
  });

  test("one that nobody knows is dropped and told", () => {
    const call = callFor(SONNET_45, { betas: ["brand-new-2027-01-01"] });
    expect(prepared({}, call)).not.toHaveProperty("anthropic_beta");
    expect(call.notes).toEqual([expect.stringContaining("brand-new-2027-01-01")]);
  });

  test("header and body are joined in order, each flag once", () => {
    const call = callFor(SONNET_45, { betas: ["effort-2025-11-24", "compact-2026-01-12"] });
    const body = prepared({ betas: ["afk-mode-2026-01-31"], anthropic_beta: ["effort-2025-11-24"] }, call);
    expect(body.anthropic_beta).toEqual(["effort-2025-11-24", "compact-2026-01-12", "afk-mode-2026-01-31"]);
  });

  test("the long context is switched on only where there is a switch", () => {
    const long = ["context-1m-2025-08-07"];
    expect(sentFor(long, {}, "anthropic--claude-4-sonnet")).toEqual(long);
    expect(sentFor(long, {}, OPUS_46)).toBeUndefined();
    expect(sentFor(long, {}, "anthropic--claude-4.5-haiku")).toBeUndefined();
  });

  test("after an unnamed refusal only the core is sent", () => {
    expect(sentFor(SENT, { learned: new Set(["beta:*"]) })).toEqual(["context-1m-2025-08-07"]);
  });

  test("after a named one the others are", () => {
    expect(
      sentFor(["effort-2025-11-24", "compact-2026-01-12"], { learned: new Set(["beta:effort-2025-11-24"]) }),
    ).toEqual(["compact-2026-01-12"]);
  });
});
