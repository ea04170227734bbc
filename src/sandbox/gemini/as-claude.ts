/** A Gemini request in the words of the script, which are Claude's: one plot for all families. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block, ClaudeRequest, Message, Tool } from "../claude/wire.ts";
import type { GeminiRules } from "../models.ts";
import { type Content, declarationsIn, type GeminiRequest, type Part } from "./wire.ts";

export function asClaude(request: GeminiRequest, rules: GeminiRules): ClaudeRequest {
  const { contents, systemInstruction, generationConfig = {} } = request;
  const { maxOutputTokens = rules.maxOutput, stopSequences = [] } = generationConfig;
  const choice = choiceOf(request);
  return {
    anthropic_version: "",
    max_tokens: maxOutputTokens,
    system: (systemInstruction?.parts ?? []).flatMap((part) => blockOf(part, "system", 0)),
    messages: contents.map(messageOf),
    tools: declarationsIn(request).map(toolOf),
    ...(choice && { tool_choice: choice }),
    stop_sequences: stopSequences,
    thinking: { type: thinks(request, rules) ? "adaptive" : "disabled" },
  };
}

/** On unless it is turned off: by a budget of 0, where the model can be. */
function thinks({ generationConfig }: GeminiRequest, { budget }: GeminiRules): boolean {
  return budget?.canStop !== true || generationConfig?.thinkingConfig?.thinkingBudget !== 0;
}

function messageOf({ role, parts }: Content, index: number): Message {
  return {
    role: role === "model" ? "assistant" : "user",
    // Answers follow the calls before them in the same order: that is how they share an id.
    content: parts.flatMap((part, place) => blockOf(part, `${role === "model" ? index : index - 1}`, place)),
  };
}

function blockOf(part: Part, turn: string, place: number): Block[] {
  const { text, inlineData, functionCall, functionResponse } = part;
  if (part.thought === true) return [];
  if (text) return [{ type: "text", text }];
  if (functionCall) {
    return [
      { type: "tool_use", id: `${turn}-${place}`, name: functionCall.name, input: functionCall.args ?? {} },
    ];
  }
  if (functionResponse) {
    const content = Object.values(functionResponse.response ?? {})
      .map(asText)
      .join("\n");
    return [{ type: "tool_result", tool_use_id: `${turn}-${place}`, content }];
  }
  if (!inlineData) return [];
  const { mimeType: media_type, data } = inlineData;
  const type = media_type.startsWith("image/") ? "image" : "document";
  return [{ type, source: { type: "base64", media_type, data } }];
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toolOf({
  name,
  description,
  parameters,
  parametersJsonSchema,
}: ReturnType<typeof declarationsIn>[0]): Tool {
  const input_schema = inLowerCase(parametersJsonSchema ?? parameters ?? {});
  return { name, ...(description !== undefined && { description }), input_schema };
}

function choiceOf({ toolConfig }: GeminiRequest): ClaudeRequest["tool_choice"] {
  const { mode, allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  if (mode === "NONE") return { type: "none" };
  if (mode !== "ANY") return undefined;
  const [name] = allowedFunctionNames;
  return name === undefined ? { type: "any" } : { type: "tool", name };
}

/** Google writes `STRING` where JSON Schema has `string`. */
export function inLowerCase(schema: JsonObject): JsonObject {
  const lower = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(lower);
    return isObject(value) ? inLowerCase(value) : value;
  };
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "type" && typeof value === "string" ? value.toLowerCase() : lower(value),
    ]),
  );
}
