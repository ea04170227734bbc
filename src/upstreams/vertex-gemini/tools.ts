import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { declaredSchema } from "./schema.ts";

/** Vertex's `FunctionDeclaration` (v1 reference, 2026); `behavior` and others are the Live API's. */
const DECLARATION: ReadonlySet<string> = new Set([
  ...["name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema"],
]);
const CHOICE: ReadonlySet<string> = new Set(["mode", "allowedFunctionNames"]);
const CONFIG: ReadonlySet<string> = new Set(["functionCallingConfig"]);

/** One tool with all functions, each name once; without the key when there is none. */
export function cleanTools(body: JsonObject, call: Call): JsonObject {
  const joined = Array.isArray(body.tools) ? joinFunctions(body.tools) : [];
  const declared = joined.some((tool) => functionsIn(tool).length > 0);
  const tools = rewriteEach<Json>(joined, (tool) => cleanTool(tool, declared, call));
  return fitChoice(withMember(body, "tools", tools.length > 0 ? tools : undefined), declared);
}

function functionsIn(tool: Json): Json[] {
  return isObject(tool) && Array.isArray(tool.functionDeclarations) ? tool.functionDeclarations : [];
}

/** Vertex takes one tool with functions (`At most one tool is supported`, older models; harmless on the others). */
function joinFunctions(tools: Json[]): Json[] {
  const declaring = tools.filter((tool) => functionsIn(tool).length > 0);
  if (declaring.length < 2) return tools;
  const functionDeclarations = declaring.flatMap(functionsIn);
  return [{ functionDeclarations }, ...tools.flatMap(withoutFunctions)];
}

function withoutFunctions(tool: Json): Json[] {
  return isObject(tool) ? [withMember(tool, "functionDeclarations", undefined)] : [];
}

/**
 * Google's own tools (`googleSearch`, …) are refused beside functions: `Multiple tools are supported only when they
 * are all search tools` (Vertex, 2.5). Alone they go, and SAP decides.
 */
function cleanTool(tool: Json, declared: boolean, call: Call): Json | Json[] {
  if (!isObject(tool)) return [];
  const own = Object.keys(tool).filter((name) => name !== "functionDeclarations");
  if (!declared) return own.length > 0 ? tool : [];
  for (const name of own) call.note(`the tool ${name} is left out: Gemini takes it or functions, not both`);
  const functions = functionsIn(tool);
  if (functions.length === 0) return [];
  const names = new Set<Json | undefined>();
  const clean = rewriteEach<Json>(functions, (declaration) => {
    if (!isObject(declaration) || names.has(declaration.name)) return [];
    names.add(declaration.name);
    return declaredSchema(onlyMembers(declaration, DECLARATION), call);
  });
  return own.length === 0 && clean === functions ? tool : { functionDeclarations: clean };
}

/** A choice is refused without functions, and names are allowed with mode ANY only. */
function fitChoice(body: JsonObject, declared: boolean): JsonObject {
  const { toolConfig } = body;
  const choice = isObject(toolConfig) ? toolConfig.functionCallingConfig : undefined;
  if (!declared || !isObject(toolConfig) || !isObject(choice))
    return withMember(body, "toolConfig", undefined);
  const known = onlyMembers(choice, CHOICE);
  const fitting = known.mode === "ANY" ? known : withMember(known, "allowedFunctionNames", undefined);
  const config = withMember(onlyMembers(toolConfig, CONFIG), "functionCallingConfig", fitting);
  return withMember(body, "toolConfig", config);
}
