import { ApiError, invalidRequest as invalid } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { checkModelName } from "../model-name.ts";
import { checkContent } from "./content.ts";

/** What the proxy needs to know of a Messages request; the rest travels as it came. */
export interface MessagesCall {
  model: string;
  stream: boolean;
}

/**
 * Checks a `POST /v1/messages` body for what would otherwise fail later and less clearly (DESIGN 8: what this
 * list does not name is the upstream's to judge).
 * @throws ApiError 400 that begins with the path of the field, in the words of the Messages API.
 */
export function readMessagesCall(body: JsonObject): MessagesCall {
  const model = readModel(body);
  refuseThread(body);
  if (body.max_tokens === undefined) throw invalid("max_tokens: Field required");
  if (!isPositiveInteger(body.max_tokens)) {
    throw invalid("max_tokens: Input should be a valid integer greater than or equal to 1");
  }
  const { stream = false } = body;
  if (typeof stream !== "boolean") throw invalid("stream: Input should be a valid boolean");
  readMessages(body);
  return { model, stream };
}

/** The same for `POST /v1/messages/count_tokens`, which has neither max_tokens nor stream. */
export function readCountTokensCall(body: JsonObject): Pick<MessagesCall, "model"> {
  const model = readModel(body);
  refuseThread(body);
  readMessages(body);
  return { model };
}

function readModel(body: JsonObject): string {
  const { model } = body;
  if (model === undefined) throw invalid("model: Field required");
  if (typeof model !== "string") throw invalid("model: Input should be a valid string");
  checkModelName(model);
  return model;
}

/**
 * Server-side threads (Anthropic SDK 1.11's tool runner, captured 2026-11-21) keep the history at Anthropic. Were
 * the field ignored, the conversation would silently be lost; this answer makes the SDK send it whole.
 */
function refuseThread(body: JsonObject): void {
  if (body.thread === undefined || body.thread === null) return;
  throw new ApiError(
    400,
    "thread: message threads are not supported by this gateway; send the whole conversation",
    {
      details: { error_code: "thread_unsupported_request", unsupported: ["gateway"] },
    },
  );
}

function readMessages(body: JsonObject): void {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid("messages: at least one message is required");
  }
  messages.forEach(checkMessage);
  checkList(body, "tools");
  const { system } = body;
  if (system !== undefined && typeof system !== "string" && !Array.isArray(system)) {
    throw invalid("system: Input should be a valid string or a list of text blocks");
  }
}

function checkMessage(message: Json, index: number): void {
  const path = `messages.${index}`;
  if (!isObject(message)) throw invalid(`${path}: Input should be an object`);
  const { role, content } = message;
  if (role !== "user" && role !== "assistant" && role !== "system") {
    throw invalid(`${path}.role: Input should be 'user', 'assistant' or 'system'`);
  }
  if (typeof content === "string") return;
  if (!Array.isArray(content))
    throw invalid(`${path}.content: Input should be a valid string or a list of blocks`);
  checkContent(content, `${path}.content`);
}

function checkList(body: JsonObject, key: string): void {
  const value = body[key];
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) throw invalid(`${key}: Input should be a valid list`);
  value.forEach((entry, index) => {
    if (!isObject(entry)) throw invalid(`${key}.${index}: Input should be an object`);
  });
}

function isPositiveInteger(value: Json | undefined): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
