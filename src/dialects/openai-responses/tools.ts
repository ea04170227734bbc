import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, HubTool } from "../../hub/messages.ts";
import {
  customDescription,
  customSchema,
  type DeclaredTool,
  nameTools,
  openNamespaces,
  originOf,
  type ToolPlace,
} from "../../hub/tool-names.ts";
import type { Target } from "../codec.ts";
import { wordOf } from "./decode-parts.ts";

type Note = (text: string) => void;

/** Input items that carry declarations: Codex for gpt-6 (clients.md 2.3), and what a tool search found. */
const CARRIERS: ReadonlySet<Json | undefined> = new Set(["additional_tools", "tool_search_output"]);

export interface DecodedTools {
  tools: HubTool[];
  /** The name in `tools` of a tool that the client calls so. */
  nameOf(place: ToolPlace): string;
}

/** The tools of a request, wherever it declares them. Those that OpenAI itself runs are left out. */
export function decodeTools({ tools, input }: JsonObject, note: Note): DecodedTools {
  const carried = listOf(input)
    .filter((item) => isObject(item) && CARRIERS.has(item.type))
    .flatMap((item) => (isObject(item) ? listOf(item.tools) : []));
  const declared = openNamespaces([...listOf(tools), ...carried]).filter(
    ({ name, declaration: { type } }) => {
      const callable = name !== "" && (type === "function" || type === "custom");
      if (!callable) note(`the tool ${wordOf(type)} is left out: only OpenAI itself runs it`);
      return callable;
    },
  );
  const nameOf = nameTools(declared);
  return { tools: declared.map((tool) => decodeTool(tool, nameOf(tool))), nameOf };
}

function decodeTool(tool: DeclaredTool, name: string): HubTool {
  const { declaration } = tool;
  const { description, parameters } = declaration;
  const isCustom = declaration.type === "custom";
  const told = isCustom ? customDescription(declaration) : description;
  const schema: JsonObject = isObject(parameters) ? parameters : { properties: {} };
  const origin = originOf(tool);
  return {
    name,
    ...(typeof told === "string" && told !== "" && { description: told }),
    input_schema: isCustom ? customSchema() : { type: "object", ...schema },
    ...(origin && { origin }),
  };
}

/** The tools for an upstream: functions, not strict, since the schemas were not written for OpenAI's strict subset. */
export function encodeTools(request: HubRequest, target: Target): JsonObject[] {
  return (request.tools ?? []).flatMap(({ type = "custom", name, description, input_schema }) => {
    if (type !== "custom" && type !== "function") {
      target.note(`tool ${type} is left out: only Claude knows it`);
      return [];
    }
    return [
      {
        type: "function",
        name,
        ...(description !== undefined && { description }),
        parameters: input_schema,
        strict: false,
      },
    ];
  });
}

/** The tools for the eyes of the client, as it declared them. */
export function echoTools(tools: HubTool[]): JsonObject[] {
  const echoed: JsonObject[] = [];
  const namespaces = new Map<string, Json[]>();
  for (const tool of tools) {
    const { namespace } = tool.origin ?? {};
    if (namespace === undefined) {
      echoed.push(echoTool(tool));
      continue;
    }
    const inside = namespaces.get(namespace) ?? [];
    if (inside.length === 0)
      echoed.push({ type: "namespace", name: namespace, description: "", tools: inside });
    inside.push(echoTool(tool));
    namespaces.set(namespace, inside);
  }
  return echoed;
}

function echoTool({ name, description = "", input_schema, origin }: HubTool): JsonObject {
  const own = { name: origin?.name ?? name, description };
  return origin?.custom
    ? { type: "custom", ...own, format: { type: "text" } }
    : { type: "function", ...own, parameters: input_schema, strict: false };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
