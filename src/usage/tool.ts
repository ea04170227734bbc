import type { IncomingHttpHeaders } from "node:http";

interface ToolRow {
  tool: string;
  header: string;
  is: RegExp;
}

/**
 * What known programs say of themselves, the first that fits: session headers of their own before names, for Qwen Code
 * calls itself `claude-cli/0.x` on the Messages API (Claude Code has been at 1 since 2025-05). From the programs' own
 * requests of 2026-11: Claude Code 2.1, Codex 0.169, opencode 1.18, Gemini CLI 0.61, Qwen Code 0.24, the SDKs of OpenAI
 * 7.55 and Anthropic 1.11; from their sources of the same month: Cline, Roo Code, Kilo Code, aider (by OpenRouter's
 * `x-title`).
 */
const TOOLS: readonly ToolRow[] = [
  { tool: "claude-code", header: "x-claude-code-session-id", is: /./ },
  { tool: "qwen-code", header: "user-agent", is: /^(qwencode|claude-cli\/0\.)/i },
  { tool: "claude-code", header: "user-agent", is: /^claude-(cli|code)\b/i },
  { tool: "codex", header: "originator", is: /^codex/i },
  { tool: "codex", header: "user-agent", is: /^codex/i },
  { tool: "opencode", header: "user-agent", is: /^opencode\b/i },
  { tool: "gemini-cli", header: "user-agent", is: /^geminicli/i },
  { tool: "aider", header: "user-agent", is: /^aider\b/i },
  { tool: "cline", header: "user-agent", is: /^cline\b/i },
  { tool: "roo-code", header: "user-agent", is: /^roocode/i },
  { tool: "kilo-code", header: "user-agent", is: /^kilo-?code/i },
  { tool: "aider", header: "x-title", is: /^aider$/i },
  { tool: "cline", header: "x-title", is: /^cline$/i },
  { tool: "roo-code", header: "x-title", is: /^roo code$/i },
  { tool: "kilo-code", header: "x-title", is: /^kilo code$/i },
  { tool: "openai-sdk", header: "user-agent", is: /^(async)?(azure)?openai\//i },
  { tool: "anthropic-sdk", header: "user-agent", is: /^(async)?anthropic\//i },
  { tool: "google-sdk", header: "user-agent", is: /^google-genai-sdk\//i },
];

/** The product token that a user agent begins with; long or strange ones are nobody's name. */
const PRODUCT = /^([A-Za-z][\w.-]{0,39})(?=[/ ;(]|$)/;

/** The program that sent these headers: one of the table, else the name that its user agent begins with. */
export function toolOf(headers: IncomingHttpHeaders): string | undefined {
  const known = TOOLS.find(({ header, is }) => {
    const told = headers[header];
    return told !== undefined && is.test(told.toString());
  });
  return known?.tool ?? PRODUCT.exec(headers["user-agent"] ?? "")?.[1]?.toLowerCase();
}
