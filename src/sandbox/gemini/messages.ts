/** Vertex's messages field by field (v1 reference, 2026; protocol 4c). What is not here is an unknown name. */
import type { Json } from "../../hub/json.ts";
import {
  anything,
  boolean,
  bytes,
  type Check,
  integer,
  list,
  map,
  message,
  number,
  oneOf,
  string,
  struct,
} from "./proto.ts";

const blob = message({ mimeType: string, data: bytes, displayName: string });
const fileData = message({ mimeType: string, fileUri: string });

/** No `id`, in neither of them: SAP's Vertex does not know it (protocol 4c, live). */
const functionCall = message({ name: string, args: struct });
const functionResponse = message({
  name: string,
  response: struct,
  parts: list(message({ inlineData: blob, fileData })),
});

const part = message({
  text: string,
  thought: boolean,
  thoughtSignature: bytes,
  inlineData: blob,
  fileData,
  functionCall,
  functionResponse,
  executableCode: anything,
  codeExecutionResult: anything,
  videoMetadata: anything,
});
const content = message({ role: string, parts: list(part) });

/** OpenAPI's subset: no `const`, no `$schema`, no `additionalProperties`, one type, enums of text (protocol 4c). */
const schema: Check = (value: Json, path: string) => schemaMessage(value, path);
const schemaMessage = message({
  type: oneOf("TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"),
  format: string,
  title: string,
  description: string,
  nullable: boolean,
  default: anything,
  example: anything,
  items: schema,
  minItems: integer,
  maxItems: integer,
  enum: list(string),
  properties: map(schema),
  propertyOrdering: list(string),
  required: list(string),
  minProperties: integer,
  maxProperties: integer,
  minimum: number,
  maximum: number,
  minLength: integer,
  maxLength: integer,
  pattern: string,
  anyOf: list(schema),
});

const tool = message({
  functionDeclarations: list(
    message({
      name: string,
      description: string,
      parameters: schema,
      parametersJsonSchema: struct,
      response: schema,
      responseJsonSchema: struct,
    }),
  ),
  googleSearch: anything,
  googleSearchRetrieval: anything,
  codeExecution: anything,
  urlContext: anything,
});

const generationConfig = message({
  maxOutputTokens: integer,
  temperature: number,
  topP: number,
  topK: number,
  candidateCount: integer,
  stopSequences: list(string),
  seed: integer,
  presencePenalty: number,
  frequencyPenalty: number,
  responseMimeType: string,
  responseSchema: schema,
  responseJsonSchema: struct,
  responseLogprobs: boolean,
  logprobs: integer,
  responseModalities: list(string),
  mediaResolution: string,
  speechConfig: anything,
  imageConfig: anything,
  audioTimestamp: boolean,
  thinkingConfig: message({
    includeThoughts: boolean,
    thinkingBudget: integer,
    thinkingLevel: oneOf("MINIMAL", "LOW", "MEDIUM", "HIGH"),
  }),
});

/** Model and stream are in the path, and unknown here. */
export const generateContent: Check = message({
  contents: list(content),
  systemInstruction: content,
  tools: list(tool),
  toolConfig: message({
    functionCallingConfig: message({
      mode: oneOf("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"),
      allowedFunctionNames: list(string),
    }),
  }),
  generationConfig,
  safetySettings: list(message({ category: string, threshold: string, method: string })),
  labels: map(string),
});
