import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { cleanCacheControl } from "./cache-control.ts";
import { editorToolFor } from "./editor-tools.ts";

/**
 * What a tool may hold. The newer keys (`strict`, `defer_loading`, `input_examples`, `eager_input_streaming`,
 * `allowed_callers`) are each a 400: `tools.0.custom.<key>: Extra inputs are not permitted` (protocol.md 4a.3).
 */
const KEYS: ReadonlySet<string> = new Set(["type", "name", "description", "input_schema", "cache_control"]);

/**
 * Stands in Claude Code's list for the tools that it would load later by tool search. Nothing loads here, and the
 * model must not call it. Source: clients.md 1.4, 2.1.329, 2026-11-21. Can go when tool search works on Bedrock.
 */
const PLACEHOLDER = "DeferredToolPlaceholder";

/** The tools as plain custom ones; without the key when none is left. */
export function cleanTools(body: JsonObject, call: Call): JsonObject {
  if (!Array.isArray(body.tools)) return body;
  const names = new Set<Json | undefined>();
  const clean = rewriteEach<Json>(body.tools, (tool) => {
    const plain = isObject(tool) ? asCustomTool(tool, call) : undefined;
    if (plain === undefined || names.has(plain.name)) return [];
    names.add(plain.name);
    return plain;
  });
  return withMember(body, "tools", clean.length > 0 ? clean : undefined);
}

function asCustomTool(tool: JsonObject, call: Call): JsonObject | undefined {
  if (tool.name === PLACEHOLDER) return undefined;
  if (typeof tool.type === "string" && tool.type !== "custom") {
    const editor = editorToolFor(tool);
    if (editor === undefined)
      call.note(`the tool ${tool.type} is left out: Anthropic runs it, SAP AI Core does not`);
    return editor;
  }
  if (typeof tool.name !== "string" || tool.name === "") {
    call.note("a tool without a name is left out");
    return undefined;
  }
  const schema = objectSchema(tool.input_schema);
  if (schema === undefined)
    call.note(`the tool ${tool.name} is left out: its input_schema does not describe an object`);
  return schema && withMember(cleanCacheControl(onlyMembers(tool, KEYS)), "input_schema", schema);
}

/** A tool's input is an object, and its schema must say so; one that only forgot to is completed (protocol.md 4a.3). */
function objectSchema(schema: Json | undefined): JsonObject | undefined {
  if (!isObject(schema)) return undefined;
  if (schema.type === undefined) return { type: "object", ...schema };
  return schema.type === "object" ? schema : undefined;
}
