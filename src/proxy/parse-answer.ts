import { isAscii } from "node:buffer";
import { isObject, type JsonObject } from "../hub/json.ts";
import { unreadable } from "./failure.ts";

/**
 * The JSON object of a 200.
 * @throws ApiError 502 when it is none.
 */
export function parseAnswer(bytes: Buffer): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString(isAscii(bytes) ? "latin1" : "utf8"));
  } catch (cause) {
    throw unreadable(cause);
  }
  if (isObject(json)) return json;
  throw unreadable();
}
