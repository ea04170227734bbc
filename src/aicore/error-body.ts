import { isObject, type Json, type JsonObject } from "../hub/json.ts";

/** What the error bodies of all hosts behind SAP AI Core have in common. */
export interface ErrorBody {
  message: string | undefined;
  requestId: string | undefined;
  retryAfter: Json | undefined;
  /** What may be told beside the message: an allow-list, for orchestration echoes the whole prompt in its errors. */
  details: Record<string, string | number>;
}

const DETAILS = ["code", "type", "param", "location"] as const;
const ECHOES_THE_PROMPT = /"(intermediate_results|module_results)"/;

/**
 * Reads an error body of any shape: XSUAA, AI Core, Bedrock, Azure OpenAI, SAP's wrapper of it, Vertex (also as an
 * array), orchestration v1 and v2 (with a list of errors when every fallback failed), plain text. Shapes: recorded
 * answers in SAP's SDKs and documentation (2026).
 */
export function parseErrorBody(text: string): ErrorBody {
  const json = tryParse(text);
  const body = Array.isArray(json) ? json.find(isObject) : json;
  if (!isObject(body)) return { ...NOTHING, message: leaksNothing(text) };
  const inner = innerOf(body);
  return {
    message: messageOf(body) ?? (Object.keys(body).length > 0 ? leaksNothing(text) : undefined),
    requestId: firstText([inner, body], ["request_id", "requestId", "requestID"]),
    retryAfter: isObject(inner.headers)
      ? (inner.headers["x-retry-after"] ?? inner.headers["retry-after"])
      : undefined,
    details: detailsOf(inner),
  };
}

const NOTHING: ErrorBody = { message: undefined, requestId: undefined, retryAfter: undefined, details: {} };

/** The object that tells about the error: `error`, the last of a list of errors, or the body itself. */
function innerOf(body: JsonObject): JsonObject {
  const inner = Array.isArray(body.error) ? body.error.findLast(isObject) : body.error;
  return isObject(inner) ? inner : body;
}

function messageOf(body: JsonObject): string | undefined {
  const { error, errors, detail } = body;
  if (isObject(error) && filled(error.message)) return error.message;
  if (filled(body.message)) return body.message;
  if (Array.isArray(error)) return messagesOf(error);
  if (filled(error)) return [error, body.error_description].filter(filled).join(": ");
  if (filled(body.error_description)) return body.error_description;
  if (filled(detail)) return detail;
  if (Array.isArray(detail)) return messagesOf(detail);
  return isObject(errors) && filled(errors.message) ? errors.message : undefined;
}

/** The different messages of a list of errors; FastAPI calls them `msg`. */
function messagesOf(list: Json[]): string | undefined {
  const messages = list.filter(isObject).map((entry) => entry.message ?? entry.msg);
  return [...new Set(messages.filter(filled))].join("; ") || undefined;
}

function detailsOf(inner: JsonObject): Record<string, string | number> {
  const told = DETAILS.map((name) => [name, inner[name]] as const);
  return Object.fromEntries(
    told.filter((entry): entry is [(typeof DETAILS)[number], string | number] => {
      return filled(entry[1]) || typeof entry[1] === "number";
    }),
  );
}

function firstText(objects: JsonObject[], names: string[]): string | undefined {
  return objects.flatMap((object) => names.map((name) => object[name])).find(filled);
}

function leaksNothing(text: string): string | undefined {
  return ECHOES_THE_PROMPT.test(text) ? undefined : text;
}

function filled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
