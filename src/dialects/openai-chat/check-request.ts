import { invalidRequest as invalid } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { checkModelName } from "../model-name.ts";
import { checkParts } from "./check-parts.ts";

/** What the proxy needs to know of a chat request; the rest travels as it came. */
export interface ChatCall {
  model: string;
  stream: boolean;
}

const ROLES: ReadonlySet<Json | undefined> = new Set([
  "system",
  "developer",
  "user",
  "assistant",
  "tool",
  "function",
]);

/** Whose content may be null. */
const MAY_BE_SILENT: ReadonlySet<Json | undefined> = new Set(["assistant", "function"]);

/**
 * Checks a `POST /v1/chat/completions` body for what would otherwise fail later and less clearly, on the native path
 * too (security B10–B18); what that list does not name is the upstream's to judge. A null stands for a missing field.
 * @throws ApiError 400 that begins with the path of the field.
 */
export function readChatCall(body: JsonObject): ChatCall {
  const model = readModel(body.model ?? undefined);
  checkLimit(body, "max_tokens");
  checkLimit(body, "max_completion_tokens");
  const stream = body.stream ?? false;
  if (typeof stream !== "boolean") throw invalid("stream: Input should be a valid boolean");
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid("messages: at least one message is required");
  }
  messages.forEach(checkMessage);
  checkList(body, "tools");
  checkList(body, "functions");
  return { model, stream };
}

function readModel(model: Json | undefined): string {
  if (model === undefined) throw invalid("model: Field required");
  if (typeof model !== "string") throw invalid("model: Input should be a valid string");
  checkModelName(model);
  return model;
}

function checkLimit(body: JsonObject, key: string): void {
  const value = body[key] ?? 1;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return;
  throw invalid(`${key}: Input should be a valid integer greater than or equal to 1`);
}

function checkMessage(message: Json, index: number): void {
  const path = `messages.${index}`;
  if (!isObject(message)) throw invalid(`${path}: Input should be an object`);
  const { role, content } = message;
  if (!ROLES.has(role)) {
    throw invalid(`${path}.role: Input should be 'system', 'developer', 'user', 'assistant' or 'tool'`);
  }
  if (Array.isArray(content)) checkParts(content, `${path}.content`);
  else if (typeof content !== "string" && !(MAY_BE_SILENT.has(role) && (content ?? null) === null)) {
    throw invalid(`${path}.content: Input should be a valid string or a list of parts`);
  }
  if (role === "tool" && !isFilled(message.tool_call_id)) {
    throw invalid(`${path}.tool_call_id: Field required`);
  }
  if (role === "assistant") checkCalls(message, path);
}

function checkCalls(message: JsonObject, path: string): void {
  const calls = message.tool_calls ?? [];
  if (!Array.isArray(calls)) throw invalid(`${path}.tool_calls: Input should be a valid list`);
  calls.forEach((call, index) => {
    const at = `${path}.tool_calls.${index}`;
    if (!isObject(call)) throw invalid(`${at}: Input should be an object`);
    if (!isFilled(call.id)) throw invalid(`${at}.id: Field required`);
    const kind = call.type ?? "function";
    if (kind !== "function" && kind !== "custom") {
      throw invalid(`${at}.type: Input should be 'function' or 'custom'`);
    }
    checkName(call[kind], `${at}.${kind}`);
  });
  if ((message.function_call ?? null) !== null) checkName(message.function_call, `${path}.function_call`);
}

function checkName(called: Json | undefined, path: string): void {
  if (!isObject(called)) throw invalid(`${path}: Field required`);
  if (!isFilled(called.name)) throw invalid(`${path}.name: Field required`);
}

function checkList(body: JsonObject, key: string): void {
  const value = body[key] ?? [];
  if (!Array.isArray(value)) throw invalid(`${key}: Input should be a valid list`);
  value.forEach((entry, index) => {
    if (!isObject(entry)) throw invalid(`${key}.${index}: Input should be an object`);
  });
}

function isFilled(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}
