import type { Target } from "../../../src/dialects/codec.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import type { HubRequest } from "../../../src/hub/messages.ts";

/** The value, and all within, made unchangeable: who writes to its input throws. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

export interface NotedTarget extends Target {
  notes: string[];
}

export function target(): NotedTarget {
  const notes: string[] = [];
  return {
    model: "gpt-4o",
    capabilities: {
      family: "gpt",
      displayName: "GPT-4o",
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
      thinking: "none",
      sampling: "free",
      images: true,
      tools: true,
    },
    notes,
    note: (text) => notes.push(text),
  };
}

/** A chat request with these members. */
export function chat(members: { [key: string]: Json }): JsonObject {
  return frozen({ model: "m", messages: [{ role: "user", content: "Hi" }], ...members });
}

/** A hub request with these members. */
export function hub(members: Partial<HubRequest>): HubRequest {
  return frozen({ model: "m", messages: [{ role: "user", content: "Hi" }], ...members });
}

export const PNG = "iVBORw0KGgo=";
export const PNG_URL = `data:image/png;base64,${PNG}`;
export const PDF = "JVBERi0xLjQ=";
