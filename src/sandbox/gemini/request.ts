/** The body of a `generateContent` call, checked as Vertex checks it: names and types first, then their meaning. */
import { isObject, type Json } from "../../hub/json.ts";
import type { GeminiRules } from "../models.ts";
import { Refusal } from "../refusal.ts";
import { checkContents } from "./contents.ts";
import { generateContent } from "./messages.ts";
import { declarationsIn, type GeminiRequest } from "./wire.ts";

const FUNCTION_NAME = /^[A-Za-z_][\w.:-]{0,127}$/;
const MOST_STOPS = 5;

/** Throws a Refusal in Vertex's words, or gives back the body as what it now is known to be (camel case only). */
export function checkRequest(body: Json, rules: GeminiRules): GeminiRequest {
  generateContent(body, "");
  const request = (isObject(body) ? body : {}) as unknown as GeminiRequest;
  checkContents(request, rules);
  checkTools(request);
  checkLimits(request, rules);
  checkThinking(request, rules);
  checkAnswerFormat(request, rules);
  return request;
}

function checkTools(request: GeminiRequest): void {
  const { tools = [], toolConfig } = request;
  const declarations = declarationsIn(request);
  const names = declarations.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Refusal(`Duplicate function declaration found: ${twice}`);
  if (names.some((name) => !FUNCTION_NAME.test(name))) {
    throw new Refusal("Invalid function name. Must start with a letter or an underscore.");
  }
  if (tools.length > 1 || (names.length > 0 && tools.some((tool) => Object.keys(tool).length > 1))) {
    throw new Refusal("Multiple tools are supported only when they are all search tools.");
  }
  for (const { parameters, parametersJsonSchema } of declarations) {
    if (parameters && parametersJsonSchema) {
      throw new Refusal("Only one of parameters and parameters_json_schema may be set.");
    }
  }
  const choice = toolConfig?.functionCallingConfig;
  if (choice && names.length === 0) {
    throw new Refusal("Function calling config is set without function_declarations.");
  }
  const allowed = choice?.allowedFunctionNames ?? [];
  if (allowed.length > 0 && choice?.mode !== "ANY") {
    throw new Refusal("Allowed function names should be set only when function calling mode is ANY.");
  }
  if (allowed.some((name) => !names.includes(name))) {
    throw new Refusal("Allowed function names must be a subset of the function declarations.");
  }
}

function checkLimits({ generationConfig = {} }: GeminiRequest, { maxOutput }: GeminiRules): void {
  const {
    maxOutputTokens = 1,
    temperature = 1,
    topP = 1,
    stopSequences = [],
    candidateCount = 1,
  } = generationConfig;
  range("maxOutputTokens", maxOutputTokens, 1, maxOutput);
  range("temperature", temperature, 0, 2);
  range("topP", topP, 0, 1);
  range("stopSequences", stopSequences.length, 0, MOST_STOPS);
  range("candidateCount", candidateCount, 1, 1);
}

function range(field: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const supported = `the supported range is from ${least} (inclusive) to ${most} (inclusive)`;
  throw new Refusal(`Unable to submit request because it has a ${field} value of ${value} but ${supported}.`);
}

function checkThinking({ generationConfig }: GeminiRequest, { budget: bounds, levels }: GeminiRules): void {
  const {
    thinkingBudget: budget,
    thinkingLevel: level,
    includeThoughts,
  } = generationConfig?.thinkingConfig ?? {};
  if (budget !== undefined && level !== undefined) {
    throw new Refusal("thinking_budget and thinking_level are not supported together.");
  }
  if (level !== undefined && !levels.includes(level.toUpperCase())) {
    throw new Refusal("Thinking level is not supported for this model.");
  }
  if (budget === 0 && includeThoughts === true) {
    throw new Refusal("include_thoughts is only enabled when thinking is enabled.");
  }
  if (budget === undefined || budget === -1 || bounds === undefined) return;
  if (budget === 0 && bounds.canStop) return;
  if (budget >= bounds.least && budget <= bounds.most) return;
  throw new Refusal(
    `thinking_budget is out of range; supported values are integers from ${bounds.least} to ${bounds.most}.`,
  );
}

function checkAnswerFormat(request: GeminiRequest, { needsSignatures: newest }: GeminiRules): void {
  const { responseMimeType: type, responseSchema, responseJsonSchema } = request.generationConfig ?? {};
  if ((responseSchema || responseJsonSchema) && type !== "application/json") {
    throw new Refusal("response_schema is supported with response_mime_type 'application/json' only.");
  }
  if (responseSchema && responseJsonSchema) {
    throw new Refusal("Only one of response_schema and response_json_schema may be set.");
  }
  if (type === "application/json" && declarationsIn(request).length > 0 && !newest) {
    throw new Refusal("Function calling with a response mime type: 'application/json' is unsupported");
  }
}
