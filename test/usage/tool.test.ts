import { expect, test } from "vitest";
import { toolOf } from "../../src/usage/tool.ts";

/** What real programs sent in 2026-11, where not said otherwise. */
test.each<[headers: Record<string, string>, tool: string | undefined]>([
  [
    { "user-agent": "claude-cli/2.1.329 (external, sdk-cli)", "x-claude-code-session-id": "1" },
    "claude-code",
  ],
  [{ "user-agent": "claude-cli/2.1.329 (external, cli)", "x-app": "cli" }, "claude-code"],
  [{ "user-agent": "claude-code/2.1.329" }, "claude-code"],
  [{ "user-agent": "claude-cli/0.24.4 (external, cli)", "x-app": "cli" }, "qwen-code"],
  [{ "user-agent": "QwenCode/0.24.4 (linux; x64)" }, "qwen-code"],
  [
    {
      "user-agent": "codex_exec/0.169.0 (Debian 12.0.0; x86_64) xterm (codex_exec; 0.169.0)",
      originator: "codex_exec",
      "session-id": "1",
    },
    "codex",
  ],
  [{ "user-agent": "some-wrapper/1", originator: "codex_cli_rs" }, "codex"],
  [{ "user-agent": "opencode/1.18.33 ai-sdk/provider-utils/4.0.23 runtime/bun/1.3.14" }, "opencode"],
  [{ "user-agent": "GeminiCLI-tui/0.61.0/gemini-3.1-pro-preview (linux; x64; terminal)" }, "gemini-cli"],
  [{ "user-agent": "RooCode/3.53.0" }, "roo-code"],
  [{ "user-agent": "Kilo-Code/4.1.0" }, "kilo-code"],
  [{ "user-agent": "OpenAI/JS 6.1.0", "x-title": "Cline" }, "cline"],
  [{ "user-agent": "OpenAI/Python 1.99.0", "x-title": "Aider" }, "aider"],
  [{ "user-agent": "OpenAI/JS 7.55.0" }, "openai-sdk"],
  [{ "user-agent": "AsyncOpenAI/Python 2.1.0" }, "openai-sdk"],
  [{ "user-agent": "Anthropic/JS 1.11.0" }, "anthropic-sdk"],
  [{ "user-agent": "google-genai-sdk/1.30.0 gl-node/v20.20.2" }, "google-sdk"],
  [{ "user-agent": "aicore-chat" }, "aicore-chat"],
  [{ "user-agent": "curl/7.88.1" }, "curl"],
  [{ "user-agent": "python-requests/2.32" }, "python-requests"],
  [{ "user-agent": "Mozilla/5.0 (X11; Linux)" }, "mozilla"],
  [{ "user-agent": `${"x".repeat(41)}/1` }, undefined],
  [{ "user-agent": "<script>alert(1)</script>" }, undefined],
  [{ "user-agent": "" }, undefined],
  [{ "x-claude-code-session-id": "" }, undefined],
  [{}, undefined],
])("%j is %s", (headers, tool) => {
  expect(toolOf(headers)).toBe(tool);
});
