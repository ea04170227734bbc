import type { JsonObject } from "../../hub/json.ts";

/** Blank text is refused wherever it stands: `text content blocks must contain non-whitespace text` (protocol.md 4a.3). */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** A text block in place of another one, at whose end a cache breakpoint may stand. */
export function textInPlaceOf(block: JsonObject, text: string): JsonObject {
  const { cache_control: mark } = block;
  return mark === undefined ? { type: "text", text } : { type: "text", text, cache_control: mark };
}
