import type { Json, JsonObject } from "../../hub/json.ts";
import { blocksOf, type HubRequest, type HubTool, type ToolChoice } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { encodeContents } from "./encode-contents.ts";
import { encodeThinking } from "./thinking.ts";

/** OpenAI's parameters that Gemini knows under another name. */
const SHARED: Readonly<Record<string, string>> = {
  seed: "seed",
  presence_penalty: "presencePenalty",
  frequency_penalty: "frequencyPenalty",
};

/** The hub's request as a `generateContent` body, without model and stream, which are in the path. */
export function encodeRequest(request: HubRequest, target: Target): JsonObject {
  const { vendor, tool_choice } = request;
  const { safetySettings, includeThoughts: _shown, ...own } = vendor?.gemini ?? {};
  const system = blocksOf(request.system).flatMap((block) =>
    block.type === "text" && block.text !== "" ? [{ text: block.text }] : [],
  );
  const declarations = (request.tools ?? []).flatMap((tool) => declare(tool, target));
  const config = { ...configOf(request, target), ...fromOpenai(vendor?.openai ?? {}, target), ...own };
  return {
    contents: encodeContents(request.messages) as unknown as Json,
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...(declarations.length > 0 && { tools: [{ functionDeclarations: declarations }] }),
    ...(tool_choice && declarations.length > 0 && { toolConfig: encodeChoice(tool_choice, target) }),
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
    ...(safetySettings === undefined ? {} : { safetySettings }),
  };
}

function configOf(request: HubRequest, target: Target): JsonObject {
  const { max_tokens, temperature, top_p, top_k, stop_sequences, output_config } = request;
  const thinking = encodeThinking(request);
  const thinks = target.capabilities.thinking !== "none";
  if (thinking && !thinks) target.note(`thinking is left out: ${target.model} does not think`);
  return {
    ...(max_tokens === undefined ? {} : { maxOutputTokens: max_tokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { topP: top_p }),
    ...(top_k === undefined ? {} : { topK: top_k }),
    ...(stop_sequences && stop_sequences.length > 0 && { stopSequences: stop_sequences }),
    ...(thinking && thinks && { thinkingConfig: thinking }),
    ...(output_config?.format && { responseMimeType: "application/json" }),
    ...(output_config?.format?.type === "json_schema" && { responseJsonSchema: output_config.format.schema }),
  };
}

function fromOpenai(vendor: JsonObject, target: Target): JsonObject {
  const config: JsonObject = {};
  for (const [key, value] of Object.entries(vendor)) {
    const name = Object.hasOwn(SHARED, key) ? SHARED[key] : undefined;
    if (name === undefined) target.note(`${key} is left out: Gemini does not know it`);
    else config[name] = value;
  }
  return config;
}

/** Anthropic's own tools have a type and no schema, and run at Anthropic only. */
function declare({ name, description, input_schema, type }: HubTool, target: Target): JsonObject[] {
  if (type !== undefined && type !== "custom") {
    target.note(`the tool ${type} is left out: Gemini does not have it`);
    return [];
  }
  return [{ name, ...(description && { description }), parametersJsonSchema: input_schema }];
}

function encodeChoice(choice: ToolChoice, target: Target): JsonObject {
  if ("disable_parallel_tool_use" in choice && choice.disable_parallel_tool_use === true) {
    target.note("disable_parallel_tool_use is left out: Gemini cannot be told");
  }
  switch (choice.type) {
    case "auto":
      return { functionCallingConfig: { mode: "AUTO" } };
    case "any":
      return { functionCallingConfig: { mode: "ANY" } };
    case "none":
      return { functionCallingConfig: { mode: "NONE" } };
    case "tool":
      return { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [choice.name] } };
  }
}
