/**
 * SAP's deployments take tools of type `function` only: `The following tools are not allowed for model 'gpt-5.5':
 * custom, tool_search and web_search.` (protocol 4b.4). What can be said as a function becomes one, the rest goes.
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { ToolOrigin } from "../../hub/messages.ts";
import {
  customDescription,
  customSchema,
  type DeclaredTool,
  nameTools,
  openNamespaces,
  originOf,
  type ToolPlace,
} from "../../hub/tool-names.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";

export interface Tools {
  /** Functions; the list of the request itself where nothing in it needs a change. */
  functions: Json[];
  /** The name under which a call of a tool travels. */
  nameOf: (place: ToolPlace) => string;
  /** By the name that went out: only tools that have to be turned back. */
  origins: ReadonlyMap<string, ToolOrigin>;
  /** Types of tools that no deployment takes. */
  refused: readonly string[];
}

const FUNCTION_KEYS: ReadonlySet<string> = new Set(["type", "name", "description", "parameters", "strict"]);

/** Input items that carry declarations: Codex for gpt-6 (clients.md 2.3), and what a tool search found. */
const CARRIERS: ReadonlySet<Json | undefined> = new Set(["additional_tools", "tool_search_output"]);

/** All tools of a request, those in its input too. */
export function readTools({ tools, input }: JsonObject): Tools {
  const own = Array.isArray(tools) ? tools : [];
  const declared = openNamespaces([...own, ...carriedIn(input)]);
  const callable = declared.filter(isCallable);
  const nameOf = nameTools(callable);
  const functions = callable.map((tool) => asFunction(tool, nameOf(tool)));
  const origins = callable.flatMap((tool): [string, ToolOrigin][] => {
    const origin = originOf(tool);
    return origin === undefined ? [] : [[nameOf(tool), origin]];
  });
  const refused = declared
    .filter((tool) => !isCallable(tool))
    .map(({ declaration }) => String(declaration.type));
  const unchanged = functions.length === own.length && functions.every((one, index) => one === own[index]);
  return {
    functions: unchanged ? own : functions,
    nameOf,
    origins: new Map(origins),
    refused: [...new Set(refused)],
  };
}

function carriedIn(input: Json | undefined): Json[] {
  const items = Array.isArray(input) ? input.filter(isObject) : [];
  return items.flatMap(({ type, tools }) => (CARRIERS.has(type) && Array.isArray(tools) ? tools : []));
}

function isCallable({ name, declaration: { type } }: DeclaredTool): boolean {
  return name !== "" && (type === "function" || type === "custom");
}

function asFunction({ declaration }: DeclaredTool, name: string): JsonObject {
  if (declaration.type !== "custom") return withMember(onlyMembers(declaration, FUNCTION_KEYS), "name", name);
  const description = customDescription(declaration);
  return { type: "function", name, description, strict: false, parameters: customSchema() };
}
