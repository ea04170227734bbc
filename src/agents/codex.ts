/**
 * Codex CLI, by a provider of our own on its command line: `-c` overrides its configuration for one run, and nothing is
 * written. Its options: developers.openai.com/codex (configuration) and runs of 0.169, 2026-11.
 */
import { chooseModel, optionValue } from "./choice.ts";
import type { Agent, AgentModel, Launch, LaunchOptions } from "./types.ts";

/** Codex does not hand variables with KEY in their names on to the commands that a model runs. */
const KEY_VARIABLE = "AICORE_PROXY_KEY";

/** Milliseconds; above the proxy's own limit of 600 s. Its pings are comments, which Codex does not count. */
const IDLE_TIMEOUT = 660_000;

export const codex: Agent = {
  name: "codex",
  title: "Codex",
  program: "codex",
  install: "npm install -g @openai/codex",
  launch,
};

async function launch(options: LaunchOptions): Promise<Launch> {
  const asked = optionValue(options.args, "-m", "--model");
  const choice =
    asked === undefined ? await chooseModel("Codex", options, ["gpt", "claude", "gemini"]) : undefined;
  const model = choice?.model ?? (asked ? await options.find(asked) : undefined);
  return {
    variables: { [KEY_VARIABLE]: options.key },
    removed: [],
    args: overrides({
      ...(choice && { model: choice.model.id }),
      ...windowOf(model),
      model_provider: "aicore",
      "model_providers.aicore.name": "SAP AI Core",
      "model_providers.aicore.base_url": `${options.url}/v1`,
      "model_providers.aicore.env_key": KEY_VARIABLE,
      "model_providers.aicore.wire_api": "responses",
      "model_providers.aicore.stream_idle_timeout_ms": IDLE_TIMEOUT,
    }),
    notice: choice?.notice ?? `model = ${asked}`,
    warnings: [],
  };
}

/** Codex knows what GPT models take; for any other it guesses 272,000 tokens. */
function windowOf(model: AgentModel | undefined): Record<string, number> {
  return !model || model.family === "gpt" ? {} : { model_context_window: model.contextWindow };
}

/** Values are TOML, whose basic strings are written as in JSON. */
function overrides(settings: Record<string, string | number>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${JSON.stringify(value)}`]);
}
