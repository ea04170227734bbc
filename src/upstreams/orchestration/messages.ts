/** Chat messages as the service's schema has them (protocol 4f.2, 7.8 #126 and #130). */
import { invalidRequest } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import { isMessageList } from "../openai-compatible/chat-messages.ts";
import { pairToolMessages } from "../openai-compatible/pair-tool-messages.ts";
import type { Call } from "../types.ts";
import { legalCalls } from "./calls.ts";
import { reasoningOf } from "./reasoning.ts";

export function cleanMessages(body: JsonObject, call: Call): JsonObject {
  if (!isMessageList(body.messages)) return body;
  const messages = rewriteEach(body.messages, (message, index) => clean(message, `messages.${index}`, call));
  return withMember(body, "messages", pairToolMessages(messages));
}

/** Nothing is left of a message that says nothing. */
function clean(message: JsonObject, path: string, call: Call): JsonObject | JsonObject[] {
  const { role, content } = message;
  switch (role) {
    case "assistant":
      return cleanAssistant(message, call);
    case "tool":
      return { role, tool_call_id: message.tool_call_id ?? "", content: textOf(content) };
    default: {
      const parts = Array.isArray(content) ? cleanParts(content, path, call) : content;
      if (parts === null || parts === undefined || (Array.isArray(parts) && parts.length === 0)) return [];
      return { role: role === "developer" ? "system" : (role ?? "user"), content: parts };
    }
  }
}

/** Beside calls the content is an empty text: neither null nor an empty list is taken. */
function cleanAssistant(message: JsonObject, call: Call): JsonObject | JsonObject[] {
  const calls = legalCalls(message.tool_calls);
  const content = textOf(message.content ?? message.refusal);
  const reasoning = call.capabilities.family === "claude" ? reasoningOf(message) : undefined;
  if (content === "" && calls.length === 0) return [];
  return {
    role: "assistant",
    content,
    ...(reasoning && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function textOf(content: Json | undefined): string {
  if (!Array.isArray(content)) return typeof content === "string" ? content : "";
  const texts = content.map((part) => (isObject(part) ? (part.text ?? part.refusal) : undefined));
  return texts.filter((text) => typeof text === "string").join("\n\n");
}

const CACHED_TEXT: ReadonlySet<string> = new Set(["type", "text", "cache_control"]);
const TEXT: ReadonlySet<string> = new Set(["type", "text"]);

function cleanParts(parts: Json[], path: string, call: Call): Json[] {
  const isClaude = call.capabilities.family === "claude";
  return rewriteEach<Json>(parts, (part, index) => {
    if (!isObject(part)) return [];
    switch (part.type) {
      case "text":
        return part.text === "" ? [] : onlyMembers(part, isClaude ? CACHED_TEXT : TEXT);
      case "image_url":
        return imageOf(part, `${path}.content.${index}`, call);
      case "file":
        return onlyMembers(part, new Set(["type", "file"]));
      default:
        call.note(`a part of type ${String(part.type)} is left out: orchestration does not know it`);
        return [];
    }
  });
}

/** Only GPT's host fetches; elsewhere a URL is an error that names no place. */
function imageOf({ image_url: image }: JsonObject, path: string, { capabilities, model }: Call): JsonObject {
  const url = isObject(image) ? image.url : image;
  if (typeof url !== "string" || (!url.startsWith("data:") && capabilities.family !== "gpt")) {
    throw invalidRequest(`${path}.image_url: ${model} takes images as data URLs only`);
  }
  return { type: "image_url", image_url: { url } };
}
