/** `/responses` on Azure behind SAP: what it refuses of the Responses API (protocol 4b.4 and 7.6). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import { dropFields } from "../learned-fields.ts";
import { fitEffort } from "../openai-compatible/effort.ts";
import type { Call } from "../types.ts";
import { readTools, type Tools } from "./declared-tools.ts";
import { prepareInput } from "./input-items.ts";
import { dropSampling } from "./sampling.ts";

const COMPACT: readonly string[] = [
  ...["model", "input", "instructions", "previous_response_id", "tools", "parallel_tool_calls"],
  ...["reasoning", "text", "prompt_cache_key"],
];
const KNOWN: ReadonlySet<string> = new Set([
  ...COMPACT,
  ...["stream", "stream_options", "store", "include", "background", "truncation", "tool_choice"],
  ...["temperature", "top_p", "top_logprobs", "max_output_tokens", "max_tool_calls"],
  ...["metadata", "prompt_cache_retention", "safety_identifier", "service_tier", "user"],
]);
const REASONING_KEYS: ReadonlySet<string> = new Set(["effort", "summary", "generate_summary"]);
const ENCRYPTED = "reasoning.encrypted_content";
/** `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16`. */
const LEAST_OUTPUT = 16;

type Step = (body: JsonObject, call: Call) => JsonObject;

const STEPS: readonly Step[] = [
  flatten,
  fitReasoning,
  dropSampling,
  limitTokens,
  askForStream,
  dropFields, // last: what this deployment refused goes, whoever put it there
];

/** The request as Azure accepts it. Untouched members keep their identity. */
export function prepareResponses(body: JsonObject, call: Call): JsonObject {
  return STEPS.reduce((prepared, step) => step(prepared, call), keep(KNOWN, body, call));
}

/** The request to `/responses/compact`, which is unary and refuses `max_output_tokens` (protocol 4b.1). */
export function prepareCompact(body: JsonObject, call: Call): JsonObject {
  const known = keep(new Set(COMPACT), body, call);
  return [flatten, fitReasoning, dropFields].reduce((prepared, step) => step(prepared, call), known);
}

/** Codex's notes to its own servers are no loss, and not worth a word (clients.md 2.3). */
function keep(keys: ReadonlySet<string>, body: JsonObject, call: Call): JsonObject {
  for (const field of Object.keys(body)) {
    const silent = keys.has(field) || field === "client_metadata" || field.startsWith("internal_");
    if (!silent) call.note(`${field} is left out: Azure OpenAI does not know it`);
  }
  return onlyMembers(body, keys);
}

/** Tools and their calls in the history by the same names. */
function flatten(body: JsonObject, call: Call): JsonObject {
  const tools = readTools(body);
  for (const type of tools.refused) call.note(`the tool ${type} is left out: SAP AI Core does not run it`);
  return prepareInput(withFunctions(body, tools), tools.nameOf);
}

/** Tools as functions; the choice goes back to `auto` where it names one that is gone. `tools: []` is fine. */
function withFunctions(body: JsonObject, { functions, nameOf }: Tools): JsonObject {
  const empty = Array.isArray(body.tools) && body.tools.length === 0;
  const flat = withMember(body, "tools", functions.length > 0 || empty ? functions : undefined);
  return withMember(flat, "tool_choice", fitChoice(body.tool_choice, functions, nameOf));
}

function fitChoice(choice: Json | undefined, functions: Json[], nameOf: Tools["nameOf"]): Json | undefined {
  if (!isObject(choice)) return choice === "required" && functions.length === 0 ? undefined : choice;
  const { type, name, namespace } = choice;
  const place =
    typeof name === "string" ? { name, ...(typeof namespace === "string" && { namespace }) } : undefined;
  const sent = place && nameOf(place);
  if (!functions.some((one) => isObject(one) && one.name === sent))
    return functions.length > 0 ? "auto" : undefined;
  return type === "function" && sent === name ? choice : { type: "function", name: sent ?? "" };
}

function fitReasoning(body: JsonObject, call: Call): JsonObject {
  const { reasoning, include } = body;
  if (call.capabilities.sampling !== "fixed")
    return withMember(withoutEncrypted(body, include), "reasoning", undefined);
  if (!isObject(reasoning)) return body;
  const known = onlyMembers(reasoning, REASONING_KEYS);
  return withMember(body, "reasoning", withMember(known, "effort", fitEffort(known.effort, call)));
}

/** `Encrypted content is not supported with this model.` */
function withoutEncrypted(body: JsonObject, include: Json | undefined): JsonObject {
  if (!Array.isArray(include) || !include.includes(ENCRYPTED)) return body;
  const rest = include.filter((one) => one !== ENCRYPTED);
  return withMember(body, "include", rest.length > 0 ? rest : undefined);
}

/** Within what the model answers with, and not below what the API takes: Claude Code probes with one token. */
function limitTokens(body: JsonObject, call: Call): JsonObject {
  const asked = body.max_output_tokens;
  if (typeof asked !== "number") return body;
  const fitting = Math.max(LEAST_OUTPUT, Math.min(asked, call.capabilities.maxOutputTokens));
  if (fitting !== asked) call.note(`max_output_tokens becomes ${fitting}, as ${call.model} demands`);
  return withMember(body, "max_output_tokens", fitting);
}

function askForStream(body: JsonObject, { stream }: Call): JsonObject {
  return stream ? withMember(body, "stream", true) : withMember(body, "stream_options", undefined);
}
