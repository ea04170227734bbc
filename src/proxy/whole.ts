import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { outlineOf, spliceMembers } from "../stream/json-members.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarded } from "./forward.ts";
import { type MessageUsage, noUsage, readUsage } from "./message-stream.ts";

/**
 * Answers with a message that did not stream. It is read whole and parsed before its 200 goes out, so that a
 * truncated or garbled answer is a 502 and never half a document (DESIGN 8).
 * @throws ApiError 502.
 */
export async function sendWhole(
  exchange: Exchange,
  { answer, upstream }: Forwarded,
  model: string,
  asked: JsonObject,
): Promise<MessageUsage> {
  const bytes = await answer.body.bytes();
  const message = readMessage(bytes);
  const usage = noUsage();
  readUsage(usage, message.usage);
  const answered = upstream.translation(asked)?.message(message) ?? message;
  const reason = answered.stop_reason;
  const body = spliceMembers(bytes, outlineOf(bytes), message, {
    ...answered,
    model,
    ...(typeof reason === "string" && { stop_reason: upstream.stopReason(reason) }),
  });
  exchange.response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  exchange.response.end(body);
  return usage;
}

function readMessage(bytes: Buffer): JsonObject {
  let message: unknown;
  try {
    message = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw unreadable(cause);
  }
  if (!isObject(message) || message.type !== "message") throw unreadable();
  return message;
}

function unreadable(cause?: unknown): ApiError {
  return new ApiError(502, "The upstream's answer is not a message.", { reason: "bad_answer", cause });
}
