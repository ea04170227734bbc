import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

export type Block = JsonObject;

/** A message whose shape was checked; what its blocks hold was not. */
export interface Message extends JsonObject {
  role: string;
  content: string | Block[];
}

export function isMessageList(value: Json | undefined): value is Message[] {
  return Array.isArray(value) && value.every(isMessage);
}

function isMessage(value: Json): value is Message {
  if (!isObject(value) || typeof value.role !== "string") return false;
  return typeof value.content === "string" || (Array.isArray(value.content) && value.content.every(isObject));
}

/** The content as blocks: a string is one text block. */
export function blocksOf({ content }: Message): Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
