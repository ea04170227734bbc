import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, HubTool, ToolChoice } from "../../hub/messages.ts";

/** The tools that may be called, and whether one must be. `allowed_tools` leaves only those it names. */
export function decodeToolChoice(
  body: JsonObject,
  tools: HubTool[],
): Pick<HubRequest, "tools" | "tool_choice"> {
  const choice = body.tool_choice ?? body.function_call;
  const allowed = allowedTools(choice);
  const left = allowed ? tools.filter(({ name }) => allowed.names.has(name)) : tools;
  if (left.length === 0) return {};
  const decoded = decodeChoice(allowed ? allowed.mode : choice);
  const single = body.parallel_tool_calls === false || Array.isArray(body.functions);
  const withLimit = single ? limited(decoded ?? { type: "auto" }) : decoded;
  return {
    tools: left,
    ...(withLimit && { tool_choice: withLimit }),
  };
}

function decodeChoice(choice: Json | undefined): ToolChoice | undefined {
  if (choice === "none" || choice === "auto") return { type: choice };
  if (choice === "required") return { type: "any" };
  const name = nameOf(choice);
  return name === undefined ? undefined : { type: "tool", name };
}

function limited(choice: ToolChoice): ToolChoice {
  return choice.type === "none" ? choice : { ...choice, disable_parallel_tool_use: true };
}

function allowedTools(choice: Json | undefined): { mode: Json | undefined; names: Set<string> } | undefined {
  if (!isObject(choice) || !isObject(choice.allowed_tools)) return undefined;
  const { mode, tools } = choice.allowed_tools;
  const names = Array.isArray(tools) ? tools.flatMap((tool) => nameOf(tool) ?? []) : [];
  return { mode, names: new Set(names) };
}

/** The name in `{type:"function",function:{name}}`, in the like of a custom tool, or in the form before tools. */
function nameOf(reference: Json | undefined): string | undefined {
  if (!isObject(reference)) return undefined;
  const called = [reference.function, reference.custom].find(isObject) ?? reference;
  return typeof called.name === "string" ? called.name : undefined;
}

/** `tool_choice` and `parallel_tool_calls`; a choice of a tool that is not given is left out. */
export function encodeToolChoice(choice: ToolChoice | undefined, tools: HubTool[]): JsonObject {
  if (choice === undefined || tools.length === 0) return {};
  const encoded = encodeChoice(choice, tools);
  const single = choice.type !== "none" && choice.disable_parallel_tool_use === true;
  return {
    ...(encoded !== undefined && { tool_choice: encoded }),
    ...(single && { parallel_tool_calls: false }),
  };
}

function encodeChoice(choice: ToolChoice, tools: HubTool[]): Json | undefined {
  switch (choice.type) {
    case "any":
      return "required";
    case "tool":
      if (!tools.some(({ name }) => name === choice.name)) return undefined;
      return { type: "function", function: { name: choice.name } };
    default:
      return choice.type;
  }
}
