/**
 * Zed: an `openai_compatible` provider in its settings. It keeps keys in the system's keychain, or reads
 * `AICORE_API_KEY` (from the provider's name); a settings file cannot hold one (zed.dev/docs/ai/llm-providers, read
 * 2026-11; not run). It wants to be told of every model, `max_tokens` being its context window.
 */
import { type Door, type Place, pathIn, type Tool } from "../tool.ts";

const PROVIDER = ["language_models", "openai_compatible", "aicore"];

export const zed: Tool = {
  name: "zed",
  title: "Zed",
  setup: {
    kind: "files",
    files: async (door, place) => [
      {
        path: settingsPath(place),
        format: "json",
        entries: [
          { at: [...PROVIDER, "api_url"], value: `${door.url}/v1` },
          { at: [...PROVIDER, "available_models"], value: modelsOf(door) },
        ],
      },
    ],
    notes: ({ key }) => [
      `The key goes into Zed's keychain: run "agent: open settings", choose aicore, paste ${key}`,
      "Zed reads AICORE_API_KEY too, when it is started from a shell that has it.",
    ],
  },
};

/** `~/.config/zed` on macOS as well; Flatpak has a home of its own. */
function settingsPath(place: Place): string {
  const { platform, env, home } = place;
  if (platform === "win32") {
    return pathIn(place, env.APPDATA || pathIn(place, home, "AppData", "Roaming"), "Zed", "settings.json");
  }
  const flatpak = pathIn(place, home, ".var/app/dev.zed.Zed/config/zed/settings.json");
  if (platform === "linux" && place.exists(flatpak)) return flatpak;
  const config = (platform !== "darwin" && env.XDG_CONFIG_HOME) || pathIn(place, home, ".config");
  return pathIn(place, config, "zed", "settings.json");
}

function modelsOf({ models }: Door) {
  return models.all.map(({ id, displayName, contextWindow, maxOutputTokens, images }) => ({
    name: id,
    display_name: displayName,
    max_tokens: contextWindow,
    max_output_tokens: maxOutputTokens,
    capabilities: { tools: true, images, parallel_tool_calls: true, prompt_cache_key: false },
  }));
}
