/** Gemini CLI. Its variables: geminicli.com/docs (configuration, authentication) and runs of 0.61, 2026-11. */
import { chooseModel, optionValue } from "./choice.ts";
import { settingsConflicts } from "./gemini-settings.ts";
import type { Agent, AgentModel, Launch, LaunchOptions } from "./types.ts";

export const gemini: Agent = {
  name: "gemini",
  title: "Gemini CLI",
  program: "gemini",
  install: "npm install -g @google/gemini-cli",
  launch,
};

async function launch(options: LaunchOptions): Promise<Launch> {
  const { env, cwd, args, find } = options;
  const { model, small, notice } = await chooseModel("Gemini CLI", options, ["gemini", "claude", "gpt"]);
  const asked = optionValue(args, "-m", "--model");
  const misfit = asked !== undefined && !(await find(asked));
  return {
    variables: { ...geminiVariables(options), ...vertexVariables(options), GEMINI_MODEL: leftAlone(model) },
    removed: ["GOOGLE_GENAI_USE_GCA"],
    args: [],
    notice: asked === undefined ? notice : `model = ${asked}`,
    warnings: [
      ...(misfit
        ? [
            `${asked} is not deployed here. ${model.id} and ${small.id} stand in for Gemini models that are not.`,
          ]
        : []),
      ...settingsConflicts(env, cwd),
    ],
    // Summaries, loop detection and corrections ask for Google's newest models by name, whatever the user chose.
    standIns: { "gemini-*": model.id, "gemini-*-flash*": small.id },
  };
}

/** For Google's SDKs, and for Gemini CLI where its settings say "gemini-api-key". */
export function geminiVariables({ url, key }: LaunchOptions): Record<string, string> {
  return { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key };
}

/**
 * Where its settings say nothing, 0.61 takes a base URL for a kind of login ("gateway") that it then refuses as invalid.
 * Vertex AI with a key comes before that, needs no settings, and speaks the same API below another path. In a terminal
 * it asks for the kind of login once: the one that stands first there shows and stores no key.
 */
function vertexVariables({ url, key }: LaunchOptions): Record<string, string> {
  return {
    GOOGLE_GENAI_USE_VERTEXAI: "true",
    GOOGLE_VERTEX_BASE_URL: url,
    GOOGLE_API_KEY: key,
    GEMINI_DEFAULT_AUTH_TYPE: "vertex-ai",
  };
}

/**
 * 0.61 turns the names of some of Google's models into those of newer ones (`gemini-3.5-flash` into
 * `gemini-3.8-flash`); a name that it does not know stays. `-latest` means the same model to the proxy.
 */
function leftAlone(model: AgentModel): string {
  return model.family === "gemini" ? `${model.id}-latest` : model.id;
}
