/** The agents that `aicore` can start. */
import { claude } from "./claude.ts";
import type { Agent } from "./types.ts";

export const AGENTS: Agent[] = [claude];

export function agentNamed(name: string): Agent | undefined {
  return AGENTS.find((agent) => agent.name === name);
}
