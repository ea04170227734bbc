/**
 * Cline and Roo Code keep their settings in VS Code's secret storage, or in files that they hold open in memory and write
 * anew; nothing can be merged into them from outside. Roo's `autoImportSettingsPath` copies a file into that storage,
 * from where no undo reaches it. (docs.cline.bot, docs.roocode.com, RooCodeInc/Roo-Code#4792; read 2026-11, not run.)
 */
import { type Door, type Field, mainFields, type Tool } from "../tool.ts";

export const cline: Tool = {
  name: "cline",
  title: "Cline",
  setup: {
    kind: "by hand",
    where: "the gear at the top of Cline's panel, API Configuration",
    fields: (door) => openaiCompatible(door),
    notes: ["Set the context window below Model Configuration to what `aicore models list` shows."],
  },
};

export const roo: Tool = {
  name: "roo",
  title: "Roo Code",
  setup: {
    kind: "by hand",
    where: "the gear at the top of Roo Code's panel, Providers",
    fields: (door) => openaiCompatible(door),
    notes: ["Set the context window to what `aicore models list` shows."],
  },
};

async function openaiCompatible(door: Door): Promise<Field[]> {
  const { baseUrl, key, model } = await mainFields(door);
  return [
    { field: "API Provider", value: "OpenAI Compatible" },
    { field: "Base URL", value: baseUrl },
    { field: "API Key", value: key },
    { field: "Model ID", value: model },
  ];
}
