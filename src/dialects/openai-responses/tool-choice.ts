import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, HubTool, ToolChoice } from "../../hub/messages.ts";
import type { DecodedTools } from "./tools.ts";

/**
 * The tools that may be called, and whether one must be. `allowed_tools` leaves only those it names; a choice of a tool
 * that is not given is the model's choice.
 */
export function decodeToolChoice(
  { tool_choice: choice, parallel_tool_calls: parallel }: JsonObject,
  { tools, nameOf }: DecodedTools,
): Pick<HubRequest, "tools" | "tool_choice"> {
  const named = (reference: Json | undefined) => {
    if (!isObject(reference) || typeof reference.name !== "string") return undefined;
    const { name, namespace } = reference;
    const flat = nameOf({ name, ...(typeof namespace === "string" && { namespace }) });
    return tools.some((tool) => tool.name === flat) ? flat : undefined;
  };
  const allowed = isObject(choice) && choice.type === "allowed_tools" ? choice : undefined;
  const names = allowed && Array.isArray(allowed.tools) ? allowed.tools.map(named) : undefined;
  const left = names ? tools.filter(({ name }) => names.includes(name)) : tools;
  if (left.length === 0) return {};
  const decoded = decodeChoice(allowed ? allowed.mode : choice, named);
  const withLimit = parallel === false ? limited(decoded ?? { type: "auto" }) : decoded;
  return { tools: left, ...(withLimit && { tool_choice: withLimit }) };
}

function decodeChoice(
  choice: Json | undefined,
  named: (reference: Json | undefined) => string | undefined,
): ToolChoice | undefined {
  if (choice === "none" || choice === "auto") return { type: choice };
  if (choice === "required") return { type: "any" };
  const name = named(choice);
  return name === undefined ? undefined : { type: "tool", name };
}

function limited(choice: ToolChoice): ToolChoice {
  return choice.type === "none" ? choice : { ...choice, disable_parallel_tool_use: true };
}

/** `tool_choice` and `parallel_tool_calls`; a choice of a tool that is not given is left out. */
export function encodeToolChoice(choice: ToolChoice | undefined, names: readonly Json[]): JsonObject {
  if (choice === undefined || names.length === 0) return {};
  const known = choice.type !== "tool" || names.includes(choice.name);
  const single = choice.type !== "none" && choice.disable_parallel_tool_use === true;
  return {
    ...(known && { tool_choice: encodeChoice(choice) }),
    ...(single && { parallel_tool_calls: false }),
  };
}

function encodeChoice(choice: ToolChoice): Json {
  if (choice.type === "any") return "required";
  return choice.type === "tool" ? { type: "function", name: choice.name } : choice.type;
}

/** For the eyes of the client: the choice in its own names. */
export function echoToolChoice(choice: ToolChoice | undefined, tools: HubTool[]): Json {
  if (choice?.type !== "tool") return choice ? encodeChoice(choice) : "auto";
  const origin = tools.find(({ name }) => name === choice.name)?.origin;
  return { type: origin?.custom ? "custom" : "function", name: origin?.name ?? choice.name };
}
