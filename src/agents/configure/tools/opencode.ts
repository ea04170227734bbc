/**
 * opencode: two providers in the user's `opencode.json`, one for Claude, which it then asks in Claude's own API, and one
 * for all other models. `{file:…}` reads the key where it is (opencode.ai/docs/config; both packages are bundled, seen in
 * 1.18.33, 2026-11). The folder is the XDG one on every platform.
 */
import type { Entry } from "../formats/format.ts";
import { mainModel, type ToolModel } from "../models.ts";
import { type Door, type Place, pathIn, type Tool } from "../tool.ts";

const CLAUDE = "aicore-claude";
const OTHERS = "aicore";

export const opencode: Tool = {
  name: "opencode",
  title: "opencode",
  setup: {
    kind: "files",
    files: async (door, place) => [
      { path: settingsPath(place), format: "json", entries: await entriesFor(door) },
    ],
    notes: () => ["Restart opencode; /models shows the models below SAP AI Core."],
  },
};

/** opencode reads both names; a new file gets the plain one. */
function settingsPath(place: Place): string {
  const config = place.env.XDG_CONFIG_HOME || pathIn(place, place.home, ".config");
  const commented = pathIn(place, config, "opencode", "opencode.jsonc");
  return place.exists(commented) ? commented : pathIn(place, config, "opencode", "opencode.json");
}

async function entriesFor({ url, keyFile, models }: Door): Promise<Entry[]> {
  const main = await mainModel(models);
  const small = (await models.find("haiku"))?.id ?? main;
  const claudes = models.all.filter(({ family }) => family === "claude");
  const others = models.all.filter(({ family }) => family !== "claude");
  const apiKey = `{file:${keyFile.replaceAll("\\", "/")}}`;
  const full = (id: string) => `${claudes.some((model) => model.id === id) ? CLAUDE : OTHERS}/${id}`;
  return [
    ...providerOf(CLAUDE, "SAP AI Core (Claude)", "@ai-sdk/anthropic", claudes, url, apiKey),
    ...providerOf(OTHERS, "SAP AI Core", "@ai-sdk/openai-compatible", others, url, apiKey),
    ...(main ? [{ at: ["model"], value: full(main), when: "absent" as const }] : []),
    ...(small ? [{ at: ["small_model"], value: full(small), when: "absent" as const }] : []),
  ];
}

function providerOf(
  id: string,
  name: string,
  npm: string,
  models: readonly ToolModel[],
  url: string,
  apiKey: string,
): Entry[] {
  if (models.length === 0) return [];
  const at = ["provider", id];
  return [
    { at: [...at, "npm"], value: npm },
    { at: [...at, "name"], value: name },
    { at: [...at, "options", "baseURL"], value: `${url}/v1` },
    { at: [...at, "options", "apiKey"], value: apiKey },
    ...models.flatMap(({ id: model, displayName, contextWindow, maxOutputTokens }) => [
      { at: [...at, "models", model, "name"], value: displayName },
      { at: [...at, "models", model, "limit", "context"], value: contextWindow },
      { at: [...at, "models", model, "limit", "output"], value: maxOutputTokens },
    ]),
  ];
}
