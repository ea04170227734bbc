/** The agents that `aicore` can start by their names. */
import { aider } from "./aider.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { qwen } from "./qwen.ts";
import type { Agent } from "./types.ts";

export const AGENTS: Agent[] = [claude, codex, opencode, gemini, qwen, aider];

export function agentNamed(name: string): Agent | undefined {
  return AGENTS.find((agent) => agent.name === name);
}
