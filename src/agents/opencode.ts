/**
 * opencode, by configuration in one variable, which it lays over the user's own files for one run: opencode.ai/docs
 * (config, providers) and runs of 1.18, 2026-11.
 */
import type { Family } from "../hub/capabilities.ts";
import { CLAUDE_FIRST, chooseModel, optionValue } from "./choice.ts";
import type { Agent, AgentModel, Launch, LaunchOptions } from "./types.ts";

const CONFIG = "OPENCODE_CONFIG_CONTENT";
const KEY_VARIABLE = "AICORE_PROXY_KEY";

/** The client that speaks a family's own dialect, so that nothing needs translation; they come with opencode. */
const CLIENTS: Partial<Record<Family, string>> = { claude: "@ai-sdk/anthropic", gpt: "@ai-sdk/openai" };
const ANY_CLIENT = "@ai-sdk/openai-compatible";

export const opencode: Agent = {
  name: "opencode",
  title: "opencode",
  program: "opencode",
  install: "npm install -g opencode-ai",
  launch,
};

async function launch(options: LaunchOptions): Promise<Launch> {
  const { url, key, models, env, args } = options;
  const { model, small, notice } = await chooseModel("opencode", options, CLAUDE_FIRST);
  const asked = optionValue(args, "-m", "--model");
  const config = {
    provider: {
      aicore: {
        name: "SAP AI Core",
        npm: ANY_CLIENT,
        options: { baseURL: `${url}/v1`, apiKey: `{env:${KEY_VARIABLE}}` },
        models: Object.fromEntries(models.map((each) => [each.id, describe(each)])),
      },
    },
    model: `aicore/${model.id}`,
    small_model: `aicore/${small.id}`,
  };
  return {
    variables: { [KEY_VARIABLE]: key, [CONFIG]: JSON.stringify(config) },
    removed: [],
    args: [],
    notice: asked === undefined ? notice : `model = ${asked}`,
    warnings: env[CONFIG] ? [`${CONFIG} was set: what it held is left out.`] : [],
  };
}

function describe(model: AgentModel): Record<string, unknown> {
  return {
    name: model.displayName,
    limit: { context: model.contextWindow, output: model.maxOutputTokens },
    reasoning: model.thinking !== "none",
    attachment: model.images,
    tool_call: true,
    provider: { npm: CLIENTS[model.family] ?? ANY_CLIENT },
  };
}
