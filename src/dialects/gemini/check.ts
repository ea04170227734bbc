import { ApiError, invalidRequest as invalid } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { inCamelCase } from "../../hub/proto-names.ts";

const ROLES: ReadonlySet<unknown> = new Set([undefined, "user", "model", "function"]);
/** Standard and URL-safe: protocol buffers take both. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const MIME_TYPE = /^[\w.+-]+\/[\w.+*-]+/;

/**
 * A `generateContent` body with its members in camel case, checked for what would otherwise fail later and less
 * clearly; also for the native path, where what is not checked here is Google's to judge.
 * @throws ApiError 400 that begins with the path of the field, such as `contents[0].parts[1].inlineData.data`.
 */
export function readGeminiRequest(given: JsonObject): JsonObject {
  const body = inCamelCase(given);
  const { contents, generationConfig, tools } = body;
  if (!Array.isArray(contents) || contents.length === 0) throw invalid("contents: contents is not specified");
  contents.forEach(checkContent);
  if (isObject(body.systemInstruction)) checkParts(body.systemInstruction.parts, "systemInstruction.parts");
  else if (body.systemInstruction !== undefined) throw invalid("systemInstruction: must be a content object");
  checkTools(tools);
  if (generationConfig !== undefined) checkConfig(generationConfig);
  return body;
}

function checkContent(content: Json, index: number): void {
  const path = `contents[${index}]`;
  if (!isObject(content)) throw invalid(`${path}: must be an object`);
  if (!ROLES.has(content.role)) throw invalid(`${path}.role: please use a valid role: user, model`);
  if (content.parts !== undefined) checkParts(content.parts, `${path}.parts`);
}

function checkParts(parts: Json | undefined, path: string): void {
  if (!Array.isArray(parts)) throw invalid(`${path}: must be a list of parts`);
  parts.forEach((part, index) => {
    checkPart(part, `${path}[${index}]`);
  });
}

function checkPart(part: Json, path: string): void {
  if (!isObject(part)) throw invalid(`${path}: must be an object`);
  const { text, inlineData, fileData, functionCall, functionResponse } = part;
  if (text !== undefined && typeof text !== "string") throw invalid(`${path}.text: must be a string`);
  if (part.thoughtSignature !== undefined && typeof part.thoughtSignature !== "string") {
    throw invalid(`${path}.thoughtSignature: must be a base64 string`);
  }
  if (inlineData !== undefined) checkBlob(inlineData, `${path}.inlineData`);
  if (fileData !== undefined) checkString(fileData, "fileUri", `${path}.fileData`);
  if (functionCall !== undefined) checkFunction(functionCall, "args", `${path}.functionCall`);
  if (functionResponse !== undefined) checkResponse(functionResponse, `${path}.functionResponse`);
  if (Object.keys(part).length === 0) {
    throw invalid(`${path}.data: required oneof field 'data' must have one initialized field`);
  }
}

function checkBlob(blob: Json, path: string): void {
  if (!isObject(blob)) throw invalid(`${path}: must be an object`);
  const { mimeType, data } = blob;
  if (typeof mimeType !== "string" || !MIME_TYPE.test(mimeType)) {
    throw invalid(`${path}.mimeType: must be a media type such as image/png`);
  }
  if (typeof data !== "string" || !BASE64.test(data)) throw invalid(`${path}.data: must be valid base64`);
}

function checkResponse(response: Json, path: string): void {
  checkFunction(response, "response", path);
  const parts = isObject(response) ? response.parts : undefined;
  if (parts !== undefined) checkParts(parts, `${path}.parts`);
}

function checkFunction(value: Json, data: string, path: string): void {
  checkString(value, "name", path);
  if (!isObject(value)) return;
  const { [data]: given } = value;
  if (given !== undefined && !isObject(given)) {
    throw invalid(`${path}.${data}: must be an object`);
  }
}

function checkString(value: Json, member: string, path: string): void {
  if (!isObject(value)) throw invalid(`${path}: must be an object`);
  const { [member]: text } = value;
  if (typeof text !== "string" || text === "") throw invalid(`${path}.${member}: must be a non-empty string`);
}

/** Each tool may declare functions, and each of those has a name. */
function checkTools(tools: Json | undefined): void {
  for (const [index, tool] of listAt(tools, "tools").entries()) {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw invalid(`${path}: must be an object`);
    const declared = listAt(tool.functionDeclarations, `${path}.functionDeclarations`);
    for (const [at, one] of declared.entries())
      checkString(one, "name", `${path}.functionDeclarations[${at}]`);
  }
}

function listAt(value: Json | undefined, path: string): Json[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${path}: must be a list`);
  return value;
}

function checkConfig(config: Json): void {
  if (!isObject(config)) throw invalid("generationConfig: must be an object");
  const { maxOutputTokens, stopSequences } = config;
  if (maxOutputTokens !== undefined && !isCount(maxOutputTokens)) {
    throw invalid("generationConfig.maxOutputTokens: must be an integer greater than or equal to 1");
  }
  for (const field of ["temperature", "topP", "topK"]) {
    const { [field]: value } = config;
    if (value === undefined || (typeof value === "number" && Number.isFinite(value))) continue;
    throw invalid(`generationConfig.${field}: must be a number`);
  }
  if (stopSequences === undefined) return;
  if (!Array.isArray(stopSequences) || !stopSequences.every((stop) => typeof stop === "string")) {
    throw invalid("generationConfig.stopSequences: must be a list of strings");
  }
}

function isCount(value: Json): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

/** For media that the hub has no block for. */
export function onlyGemini(path: string, mimeType: string): ApiError {
  return new ApiError(400, `${path}.mimeType: ${mimeType.slice(0, 64)} is understood by Gemini models only`, {
    hint: "Images, PDF and plain text go to every model.",
  });
}
