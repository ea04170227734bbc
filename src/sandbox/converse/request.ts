/** A Converse request, checked in Bedrock's words: the shape first, then what the shape alone does not tell. */
import type { Json, JsonObject } from "../../hub/json.ts";
import { tokensOf } from "../claude/wire.ts";
import type { NovaRules } from "../models.ts";
import { Refusal } from "../refusal.ts";
import { cachePoint, contentBlock, systemBlock, toolName } from "./blocks.ts";
import { checkMessages } from "./messages.ts";
import { array, type Check, dictionary, number, object, oneOf, string, union } from "./schema.ts";
import type { ConverseRequest } from "./wire.ts";

const MOST_CACHE_POINTS = 4;
/** All that Nova takes at the top of a tool's schema (AWS's Nova guide, "Defining a tool"). */
const TOP_OF_SCHEMA: readonly string[] = ["type", "properties", "required"];

const toolSpec = object(
  { name: toolName, inputSchema: object({ json: dictionary }) },
  { description: string(/\S/) },
);

const body: Check = object(
  { messages: array(object({ role: oneOf("user", "assistant"), content: array(contentBlock) }), 1) },
  {
    system: array(systemBlock),
    inferenceConfig: object(
      {},
      {
        maxTokens: number(1, Number.POSITIVE_INFINITY, true),
        temperature: number(0, 1),
        topP: number(0, 1),
        stopSequences: array(string(/\S/)),
      },
    ),
    toolConfig: object(
      { tools: array(union({ toolSpec, cachePoint }), 1) },
      { toolChoice: union({ auto: object({}), any: object({}), tool: object({ name: toolName }) }) },
    ),
    additionalModelRequestFields: object({}, { inferenceConfig: object({}, { topK: number(0, 128, true) }) }),
  },
);

/** Throws a Refusal in Bedrock's words, or gives back the body as what it now is known to be. */
export function checkRequest(value: Json, rules: NovaRules): ConverseRequest {
  body(value, "");
  const request = value as unknown as ConverseRequest;
  checkLimits(request, rules);
  checkTools(request);
  checkCachePoints(request);
  checkSystem(request);
  checkMessages(request, rules);
  return request;
}

function checkLimits(request: ConverseRequest, { maxOutput, context }: NovaRules): void {
  if ((request.inferenceConfig?.maxTokens ?? 1) > maxOutput) {
    const limit = `The maximum tokens you requested exceeds the model limit of ${maxOutput}.`;
    throw new Refusal(`${limit} Try again with a maximum tokens value that is lower than ${maxOutput}.`);
  }
  if (tokensOf(request as unknown as Json) > context)
    throw new Refusal(`Input Tokens Exceeded: Number of input tokens exceeds maximum length.`);
}

function checkTools({ toolConfig }: ConverseRequest): void {
  const { tools = [], toolChoice } = toolConfig ?? {};
  const names = new Set<string>();
  for (const [index, { toolSpec: spec }] of tools.entries()) {
    if (spec === undefined) continue;
    const path = `toolConfig.tools.${index}.toolSpec`;
    if (names.has(spec.name)) throw new Refusal(`The tool names at toolConfig.tools must be unique.`);
    names.add(spec.name);
    checkSchema(spec.inputSchema.json, `${path}.inputSchema.json`);
  }
  const forced = toolChoice?.tool?.name;
  if (forced !== undefined && !names.has(forced))
    throw new Refusal(`The toolChoice ${forced} is not among the tools at toolConfig.tools.`);
}

function checkSchema(schema: JsonObject, path: string): void {
  if (schema.type !== "object")
    throw new Refusal(`The value at ${path}.type must be one of the following: object.`);
  const foreign = Object.keys(schema).find((key) => !TOP_OF_SCHEMA.includes(key));
  if (foreign !== undefined)
    throw new Refusal(`The member ${path}.${foreign} is not supported by this model.`);
}

function checkCachePoints({ system = [], messages, toolConfig }: ConverseRequest): void {
  // Nova takes none among tools (AWS, "Prompt caching": fields that accept checkpoints).
  if (toolConfig?.tools.some(({ cachePoint: point }) => point)) {
    const reason = "You invoked an unsupported model or your request did not allow prompt caching.";
    throw new Refusal(`${reason} See the documentation for more information.`, 403);
  }
  const blocks = [...system, ...messages.flatMap(({ content }) => content)];
  const points = blocks.filter(({ cachePoint: point }) => point).length;
  if (points > MOST_CACHE_POINTS)
    throw new Refusal(`The request has ${points} cachePoint blocks; the maximum is ${MOST_CACHE_POINTS}.`);
}

function checkSystem({ system = [] }: ConverseRequest): void {
  const blank = system.findIndex(({ text }) => text !== undefined && text.trim() === "");
  if (blank < 0) return;
  const complaint = `The text field in the SystemContentBlock object at system.${blank} is blank.`;
  throw new Refusal(`${complaint} Add text to the text field, and try again.`);
}
