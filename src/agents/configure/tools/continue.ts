/**
 * Continue (VS Code, JetBrains, `cn`): models in `~/.continue/config.yaml`, the key in `.env` beside it, which
 * `${{ secrets.… }}` reads. `apiBase` ends in /v1 for both providers (docs.continue.dev/reference, read 2026-11; not run).
 */
import type { Entry } from "../formats/format.ts";
import type { ToolModel } from "../models.ts";
import { pathIn, type Tool } from "../tool.ts";

const KEY = "AICORE_LOCAL_KEY";

export const continueDev: Tool = {
  name: "continue",
  title: "Continue",
  setup: {
    kind: "files",
    async files({ url, key, models }, place) {
      const folder = place.env.CONTINUE_GLOBAL_DIR || pathIn(place, place.home, ".continue");
      const entries: Entry[] = [
        { at: ["name"], value: "Local config", when: "absent" },
        { at: ["version"], value: "1.0.0", when: "absent" },
        { at: ["schema"], value: "v1", when: "absent" },
        ...models.all.map((model) => ({ at: ["models"], item: modelEntry(model, `${url}/v1`) })),
      ];
      return [
        { path: pathIn(place, folder, "config.yaml"), format: "yaml", entries },
        {
          path: pathIn(place, folder, ".env"),
          format: "dotenv",
          secret: true,
          entries: [{ at: [KEY], value: key }],
        },
      ];
    },
    notes: () => ["Reload the window of the editor; the models are in Continue's model list."],
  },
};

/** Claude is asked in its own API, which keeps prompt caching and thinking. */
function modelEntry(
  { id, displayName, family, contextWindow, maxOutputTokens, images }: ToolModel,
  apiBase: string,
) {
  return {
    name: `${displayName} (SAP AI Core)`,
    provider: family === "claude" ? "anthropic" : "openai",
    model: id,
    apiBase,
    apiKey: `\${{ secrets.${KEY} }}`,
    roles: ["chat", "edit", "apply"],
    capabilities: ["tool_use", ...(images ? ["image_input"] : [])],
    defaultCompletionOptions: { contextLength: contextWindow, maxTokens: maxOutputTokens },
  };
}
