import { isObject, type Json, type JsonObject } from "./json.ts";

/** Which members of a message are messages themselves (or lists of them); everything else is data. */
interface Shape {
  readonly [member: string]: Shape;
}

const LEAF: Shape = {};
const BLOBS: Shape = { inlineData: LEAF, fileData: LEAF };
const PART: Shape = {
  ...BLOBS,
  functionCall: LEAF,
  functionResponse: { parts: BLOBS },
  executableCode: LEAF,
  codeExecutionResult: LEAF,
  videoMetadata: LEAF,
};
const CONTENT: Shape = { parts: PART };

/** Google's `GenerateContentRequest`. Arguments, answers and schemas are data: their names are the client's. */
const GENERATE_CONTENT: Shape = {
  contents: CONTENT,
  systemInstruction: CONTENT,
  tools: { functionDeclarations: LEAF },
  toolConfig: { functionCallingConfig: LEAF },
  generationConfig: { thinkingConfig: LEAF },
  safetySettings: LEAF,
};

/**
 * A Gemini request with its members in camel case: Google's JSON is that of protocol buffers, which takes
 * `max_output_tokens` for `maxOutputTokens` everywhere, and null for what is not there. What is spelt so already keeps
 * its identity.
 */
export function inCamelCase(body: JsonObject): JsonObject {
  return respell(body, GENERATE_CONTENT) as JsonObject;
}

function respell(value: Json, shape: Shape): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => respell(item, shape));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]): [string, Json][] => {
    const name = camelCase(key);
    const inner = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (member === null) return [];
    return [[name, inner === undefined ? member : respell(member, inner)]];
  });
  const same =
    members.length === Object.keys(value).length &&
    members.every(([name, member]) => Object.hasOwn(value, name) && value[name] === member);
  return same ? value : Object.fromEntries(members);
}

/** `any_of` as `anyOf`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
