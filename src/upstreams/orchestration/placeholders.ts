/** Texts with `{{?…}}` in a template, which the service would fill in or refuse (protocol 4f.2, 7.8 #117). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";

/**
 * The template with every such text replaced by a placeholder that stands for the whole of it. Values are put in
 * once and not parsed again, so that the model reads the text as it was written, malformed placeholders included.
 */
export function asPlaceholders(template: JsonObject[]): { texts: JsonObject[]; values: JsonObject } {
  const values: JsonObject = {};
  const hide = (text: string): string => {
    if (!text.includes("{{?")) return text;
    const name = `text_${Object.keys(values).length + 1}`;
    values[name] = text;
    return `{{?${name}}}`;
  };
  const hidePart = (part: Json): Json =>
    isObject(part) && typeof part.text === "string" ? withMember(part, "text", hide(part.text)) : part;
  const texts = rewriteEach(template, (message) => {
    const { content } = message;
    if (typeof content === "string") return withMember(message, "content", hide(content));
    return Array.isArray(content) ? withMember(message, "content", rewriteEach(content, hidePart)) : message;
  });
  return { texts, values };
}
