/**
 * Qwen Code: models in `modelProviders`, the key in `env`, where it looks for the variable that `envKey` names after the
 * environment and `.env` files (qwenlm.github.io/qwen-code-docs, model-providers; seen in 0.24.4, 2026-11). It has no
 * command for its key.
 */
import type { Entry } from "../formats/format.ts";
import { mainModel } from "../models.ts";
import { type Door, pathIn, type Tool } from "../tool.ts";

const KEY = "AICORE_LOCAL_KEY";

export const qwen: Tool = {
  name: "qwen",
  title: "Qwen Code",
  setup: {
    kind: "files",
    files: async (door, place) => [
      {
        path: pathIn(place, place.env.QWEN_HOME || pathIn(place, place.home, ".qwen"), "settings.json"),
        format: "json",
        secret: true,
        entries: await entriesFor(door),
      },
    ],
    notes: () => ["Restart Qwen Code; /model shows the models of the tenant."],
  },
};

async function entriesFor({ url, key, models }: Door): Promise<Entry[]> {
  const main = await mainModel(models);
  return [
    ...models.all.map(({ id, displayName, contextWindow }) => ({
      at: ["modelProviders", "openai"],
      item: {
        id,
        name: `${displayName} (SAP AI Core)`,
        baseUrl: `${url}/v1`,
        envKey: KEY,
        generationConfig: { contextWindowSize: contextWindow },
      },
    })),
    { at: ["env", KEY], value: key },
    { at: ["security", "auth", "selectedType"], value: "openai" },
    ...(main ? [{ at: ["model", "name"], value: main }] : []),
  ];
}
