/** A proxy and a tenant as the tools see them, without either. */
import { agentModel } from "../../../src/agents/choice.ts";
import { toolModels } from "../../../src/agents/configure/models.ts";
import type { Door, Place } from "../../../src/agents/configure/tool.ts";

const IDS = [
  "anthropic--claude-4.5-haiku",
  "anthropic--claude-4.6-sonnet",
  "gemini-2.5-pro",
  "gemini-3.5-flash",
  "gpt-4.1",
  "gpt-5.5",
  "gpt-5.5-mini",
  "text-embedding-3-large",
];

const FAMILIES: Record<string, string> = {
  haiku: "anthropic--claude-4.5-haiku",
  sonnet: "anthropic--claude-4.6-sonnet",
};

export function doorAt(port: number, ids: readonly string[] = IDS): Door {
  return {
    url: `http://127.0.0.1:${port}`,
    key: "aicl_local",
    keyFile: "/state/local-key",
    models: toolModels(ids, async (name) => {
      const id = FAMILIES[name];
      return id !== undefined && ids.includes(id) ? agentModel(id) : undefined;
    }),
  };
}

export function placeIn(
  home: string,
  platform: NodeJS.Platform = "linux",
  env: NodeJS.ProcessEnv = {},
): Place {
  return { platform, home, env, exists: () => false };
}
