/**
 * Codex: a provider of our own in `config.toml`, chosen as the default. Its key comes from a command (`auth`, of Codex
 * since April 2026: developers.openai.com/codex/config-advanced, openai/codex#16288; seen in 0.169.0, 2026-11);
 * `wire_api` takes "responses" alone. It knows no limits of names that are not OpenAI's, hence `model_context_window`.
 */
import type { Entry } from "../formats/format.ts";
import { mainModel, newest } from "../models.ts";
import { type Door, keyCommand, type Place, pathIn, type Tool } from "../tool.ts";

const PROVIDER = ["model_providers", "aicore"];

export const codex: Tool = {
  name: "codex",
  title: "Codex",
  setup: {
    kind: "files",
    files: async (door, place) => [
      {
        path: pathIn(place, place.env.CODEX_HOME || pathIn(place, place.home, ".codex"), "config.toml"),
        format: "toml",
        entries: await entriesFor(door, place),
      },
    ],
    notes: () => [
      "Restart Codex. Another model: codex -m <model>, of those that `aicore models list` shows.",
    ],
  },
};

async function entriesFor({ url, keyFile, models }: Door, { platform }: Place): Promise<Entry[]> {
  const id = newest(models.all, "gpt")?.id ?? (await mainModel(models));
  const model = models.all.find((each) => each.id === id);
  return [
    { at: ["model_provider"], value: "aicore" },
    ...(model ? [{ at: ["model"], value: model.id }] : []),
    ...(model ? [{ at: ["model_context_window"], value: model.contextWindow }] : []),
    { at: [...PROVIDER, "name"], value: "SAP AI Core" },
    { at: [...PROVIDER, "base_url"], value: `${url}/v1` },
    { at: [...PROVIDER, "wire_api"], value: "responses" },
    { at: [...PROVIDER, "auth"], value: keyCommand(platform, keyFile) },
  ];
}
