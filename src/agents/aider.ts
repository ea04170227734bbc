/** aider, which reaches models through LiteLLM. Their variables: aider.chat/docs and runs of 0.86, 2026-11. */
import { parseModelName } from "../catalog/names.ts";
import { CLAUDE_FIRST, chooseModel, optionValue } from "./choice.ts";
import type { Agent, AgentModel, Launch, LaunchOptions } from "./types.ts";

export const aider: Agent = {
  name: "aider",
  title: "aider",
  program: "aider",
  install: "python -m pip install aider-install && aider-install",
  launch,
};

async function launch(options: LaunchOptions): Promise<Launch> {
  const { url, key, env, args } = options;
  const { model, small, notice } = await chooseModel("aider", options, CLAUDE_FIRST);
  const asked = optionValue(args, "--model");
  return {
    variables: {
      OPENAI_API_BASE: `${url}/v1`,
      OPENAI_API_KEY: key,
      ANTHROPIC_API_BASE: url,
      ANTHROPIC_API_KEY: key,
      // What stands in .env and .aider.conf.yml wins over those above, but not over these.
      AIDER_OPENAI_API_BASE: `${url}/v1`,
      AIDER_OPENAI_API_KEY: key,
      AIDER_ANTHROPIC_API_KEY: key,
      AIDER_MODEL: nameFor(model),
      AIDER_WEAK_MODEL: nameFor(small),
      // Else it stops at start to ask whether to open a page about models that it has no prices for.
      ...(env.AIDER_SHOW_MODEL_WARNINGS ? {} : { AIDER_SHOW_MODEL_WARNINGS: "false" }),
    },
    removed: [],
    args: [],
    notice: asked === undefined ? notice : `model = ${asked}`,
    warnings: [],
  };
}

/** LiteLLM picks the dialect by prefix. Of Claude, aider knows Anthropic's spellings: how to edit, how much it takes. */
function nameFor({ id, family }: AgentModel): string {
  return family === "claude" ? `anthropic/${parseModelName(id).key}` : `openai/${id}`;
}
