/** Tools and the choice among them (protocol 4a.3). */
import { isObject } from "../../hub/json.ts";
import { cacheControl } from "./cache-control.ts";
import { array, boolean, type Check, dictionary, literal, object, refuse, string, tagged } from "./schema.ts";
import type { ClaudeRequest } from "./wire.ts";

const inputSchema: Check = (value, path) => {
  dictionary(value, path);
  if (!isObject(value)) return;
  if (value.type === undefined) refuse(`${path}.type`, "Field required");
  literal("object")(value.type, `${path}.type`);
};

/**
 * Only plain tools: Anthropic's server tools (`web_search_…`, `code_execution_…`, `computer_…`) have no tag here,
 * nor have `bash_…` and `text_editor_…`, on which the sources disagree.
 */
const tool = tagged(
  {
    custom: object(
      { name: string(/^[a-zA-Z0-9_-]{1,128}$/), input_schema: inputSchema },
      { type: literal("custom"), description: string(), cache_control: cacheControl },
    ),
  },
  "custom",
);

export const tools: Check = array(tool, 1);

export const toolChoice: Check = tagged({
  auto: object({ type: literal("auto") }, { disable_parallel_tool_use: boolean }),
  any: object({ type: literal("any") }, { disable_parallel_tool_use: boolean }),
  tool: object({ type: literal("tool"), name: string() }, { disable_parallel_tool_use: boolean }),
  none: object({ type: literal("none") }),
});

/** What the shapes alone do not tell. */
export function checkTools({ tools = [], tool_choice }: ClaudeRequest): void {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) refuse("tools", "Tool names must be unique.");
  if (tool_choice === undefined) return;
  if (tools.length === 0) refuse("tool_choice", "tool_choice may only be specified while providing tools");
  if (tool_choice.type === "tool" && !names.includes(tool_choice.name ?? "")) {
    refuse("tool_choice", `Tool '${tool_choice.name}' not found in provided tools`);
  }
}

/** The model is told that it must call a tool. */
export function forcesTool({ tool_choice }: ClaudeRequest): boolean {
  return tool_choice?.type === "any" || tool_choice?.type === "tool";
}
