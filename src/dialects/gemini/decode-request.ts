import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, HubTool, OutputFormat, TextBlock, ToolChoice } from "../../hub/messages.ts";
import { toJsonSchema } from "../../hub/openapi-schema.ts";
import { readGeminiRequest } from "./check.ts";
import { decodeContents } from "./decode-contents.ts";
import { decodeThinking } from "./thinking.ts";
import type { GenerateContentRequest } from "./wire.ts";

type Note = (text: string) => void;

/** What only Google's own models know, carried as it is for them. */
const VENDOR = new Set([
  ...["seed", "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs"],
  ...["responseModalities", "mediaResolution", "speechConfig", "imageConfig", "audioTimestamp"],
]);
const UNDERSTOOD = new Set([
  ...["maxOutputTokens", "temperature", "topP", "topK", "stopSequences", "thinkingConfig"],
  ...["responseMimeType", "responseSchema", "responseJsonSchema"],
]);
const TOP_LEVEL = new Set([
  ...["model", "stream", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig"],
  "safetySettings",
]);

/**
 * A `generateContent` body as the hub's request. Model and stream are in the path: they are taken from the body only
 * if the caller has put them there.
 * @throws ApiError 400 naming the field
 */
export function decodeRequest(given: JsonObject, note: Note): HubRequest {
  const body = readGeminiRequest(given) as unknown as GenerateContentRequest;
  for (const key of Object.keys(body)) if (!TOP_LEVEL.has(key)) note(`${key} is left out`);
  const config = body.generationConfig ?? {};
  const { maxOutputTokens, temperature, topP, topK, stopSequences } = config;
  const system = systemOf(body);
  const choice = choiceOf(body);
  const tools = toolsOf(body, note);
  const { thinking, effort } = decodeThinking(config.thinkingConfig);
  const format = formatOf(config);
  const output = { ...(effort && { effort }), ...(format && { format }) };
  const vendor = vendorOf(body, config, note);
  return {
    model: body.model ?? "",
    ...(body.stream === undefined ? {} : { stream: body.stream }),
    ...(typeof maxOutputTokens === "number" && { max_tokens: maxOutputTokens }),
    ...(system.length > 0 && { system }),
    messages: decodeContents(body.contents),
    ...(tools.length > 0 && { tools }),
    ...(choice && tools.length > 0 && { tool_choice: choice }),
    ...(typeof temperature === "number" && { temperature }),
    ...(typeof topP === "number" && { top_p: topP }),
    ...(typeof topK === "number" && { top_k: topK }),
    ...(Array.isArray(stopSequences) &&
      stopSequences.length > 0 && { stop_sequences: stopSequences.map(String) }),
    ...(thinking && { thinking }),
    ...(Object.keys(output).length > 0 && { output_config: output }),
    ...(Object.keys(vendor).length > 0 && { vendor: { gemini: vendor } }),
  };
}

function systemOf({ systemInstruction }: GenerateContentRequest): TextBlock[] {
  const texts = (systemInstruction?.parts ?? []).map(({ text = "" }) => text);
  return texts.filter((text) => text !== "").map((text) => ({ type: "text", text }));
}

/** Google's own tools (`googleSearch`, `codeExecution`, `urlContext`, …) run at Google only. */
function toolsOf({ tools = [], toolConfig }: GenerateContentRequest, note: Note): HubTool[] {
  const { mode, allowedFunctionNames: allowed = [] } = toolConfig?.functionCallingConfig ?? {};
  const declared = tools.flatMap(({ functionDeclarations, ...own }) => {
    for (const name of Object.keys(own)) note(`the tool ${name} is left out: only Google runs it`);
    return Array.isArray(functionDeclarations) ? functionDeclarations.filter(isObject).map(toolOf) : [];
  });
  const restricted = mode === "ANY" && allowed.length > 1;
  return restricted ? declared.filter(({ name }) => allowed.includes(name)) : declared;
}

function toolOf({ name, description, parameters, parametersJsonSchema }: JsonObject): HubTool {
  const schema = parametersJsonSchema ?? parameters;
  const input_schema = isObject(schema) ? toJsonSchema(schema) : {};
  return {
    name: String(name),
    ...(typeof description === "string" && { description }),
    input_schema: { type: "object", properties: {}, ...input_schema },
  };
}

function choiceOf({ toolConfig }: GenerateContentRequest): ToolChoice | undefined {
  const { mode, allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  const [only, ...others] = allowedFunctionNames;
  switch (mode) {
    case "ANY":
      return only !== undefined && others.length === 0 ? { type: "tool", name: only } : { type: "any" };
    case "NONE":
      return { type: "none" };
    case "AUTO":
    case "VALIDATED":
      return { type: "auto" };
    default:
      return undefined;
  }
}

function formatOf(config: JsonObject): OutputFormat | undefined {
  const schema = config.responseJsonSchema ?? config.responseSchema;
  if (isObject(schema)) return { type: "json_schema", schema: toJsonSchema(schema) };
  return config.responseMimeType === "application/json" ? { type: "json_object" } : undefined;
}

function vendorOf(body: GenerateContentRequest, config: JsonObject, note: Note): JsonObject {
  const vendor: JsonObject = {};
  for (const [key, value] of Object.entries(config)) {
    if (VENDOR.has(key)) vendor[key] = value;
    else if (key === "candidateCount" && Number(value) > 1)
      note("candidateCount is left out: there is one answer");
    else if (key !== "candidateCount" && !UNDERSTOOD.has(key)) note(`generationConfig.${key} is left out`);
  }
  if (body.safetySettings !== undefined) vendor.safetySettings = body.safetySettings as Json;
  if (hidesThoughts(config.thinkingConfig)) vendor.includeThoughts = false;
  return vendor;
}

/** Who asks for thinking and does not ask to see it must not be shown it; who says nothing is shown what comes. */
function hidesThoughts(config: Json | undefined): boolean {
  return isObject(config) && config.includeThoughts !== true;
}
