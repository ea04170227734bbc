/**
 * Cherry Studio keeps its providers in the storage of its browser engine. It adds /v1 to the API host by itself (docs of
 * Cherry Studio and of gateways that are used with it, read 2026-11; not run).
 */
import { mainFields, type Tool } from "../tool.ts";

export const cherryStudio: Tool = {
  name: "cherry-studio",
  title: "Cherry Studio",
  setup: {
    kind: "by hand",
    where: "Settings, Model Provider, Add",
    async fields(door) {
      const { key, model } = await mainFields(door);
      return [
        { field: "Provider Name", value: "SAP AI Core" },
        { field: "Provider Type", value: "Anthropic for Claude, OpenAI for all other models" },
        { field: "API Key", value: key },
        { field: "API Host", value: door.url },
        { field: "Models", value: `Manage lists them; ${model} to begin with` },
      ];
    },
    notes: [],
  },
};
