import type { JsonObject } from "../../hub/json.ts";
import { cleanCacheControl } from "./cache-control.ts";

const STRING: JsonObject = { type: "string" };

/** Input of Anthropic's `bash_*` tools, which the model knows by heart (Anthropic's tool documentation, 2026). */
const BASH: JsonObject = {
  description: "Runs a command in a bash session that lasts for the whole conversation.",
  input_schema: {
    type: "object",
    properties: {
      command: {
        type: "string",
        description: "The command to run. Required unless the session is restarted.",
      },
      restart: { type: "boolean", description: "True to restart the session." },
    },
  },
};

/** Input of Anthropic's `text_editor_*` tools. */
const TEXT_EDITOR: JsonObject = {
  description: "Views, creates and edits text files.",
  input_schema: {
    type: "object",
    properties: {
      command: { type: "string", enum: ["view", "create", "str_replace", "insert", "undo_edit"] },
      path: { type: "string", description: "Absolute path of the file or folder." },
      view_range: { type: "array", items: { type: "integer" }, description: "First and last line to view." },
      file_text: { type: "string", description: "Content of the file to create." },
      old_str: { type: "string", description: "Text to replace; it occurs exactly once." },
      new_str: STRING,
      insert_line: { type: "integer", description: "Line after which to insert; 0 is the start." },
      insert_text: STRING,
    },
    required: ["command", "path"],
  },
};

/**
 * The two typed tools that the client runs itself, as plain custom tools of the same name: the types are refused
 * (protocol.md 4a.3 and 10: PJQ and YUN refused, AWS's documents accept them with a beta), the inputs are not.
 * Undefined for every other typed tool. Can go when the types pass without a beta.
 */
export function editorToolFor(tool: JsonObject): JsonObject | undefined {
  const [, kind, fallbackName] = KINDS.find(([prefix]) => String(tool.type).startsWith(prefix)) ?? [];
  if (kind === undefined) return undefined;
  const name = tool.name ?? fallbackName ?? "";
  const { cache_control: mark } = tool;
  return cleanCacheControl(mark === undefined ? { name, ...kind } : { name, ...kind, cache_control: mark });
}

const KINDS: readonly (readonly [prefix: string, kind: JsonObject, fallbackName: string])[] = [
  ["bash_", BASH, "bash"],
  ["text_editor_", TEXT_EDITOR, "str_replace_based_edit_tool"],
];
