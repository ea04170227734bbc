/** Templating: `{{?name}}` in the template's texts is filled in, once; the history is taken as it is (protocol 4f.2). */
import { isObject, type Json } from "../../hub/json.ts";
import { Refusal } from "../refusal.ts";
import type { OrchestratedMessage, OrchestrationRequest } from "./request.ts";

const PLACEHOLDER = /\{\{\?([^}]*)\}\}/g;
const NAME = /^[A-Za-z][\w-]*$/;

/** The prompt: the history, then the template with its values. */
export function fillTemplate({ config, placeholder_values, messages_history }: OrchestrationRequest) {
  const { template } = config.modules.prompt_templating.prompt;
  const values = placeholder_values ?? {};
  const unknown = new Set<string>();
  const fill = (text: string): string =>
    text.replace(PLACEHOLDER, (_whole, name: string) => {
      if (!NAME.test(name)) throw new Refusal(`Templating Module: Invalid placeholder '${name}'.`);
      if (!Object.hasOwn(values, name)) unknown.add(name);
      return String(values[name]);
    });
  if (template.length === 0) throw new Refusal("Request Body: [] should be non-empty - 'template'");
  const filled = template.map((message) => ({ ...message, content: fillContent(message.content, fill) }));
  if (unknown.size > 0) {
    const names = [...unknown].map((name) => `'${name}'`).join(", ");
    throw new Refusal(`Input Parameters: Error validating parameters. Unused parameters: [${names}].`);
  }
  return [...(messages_history ?? []), ...filled] as OrchestratedMessage[];
}

function fillContent(content: OrchestratedMessage["content"], fill: (text: string) => string): Json {
  if (typeof content === "string") return fill(content);
  return (content ?? []).map((part) =>
    isObject(part) && typeof part.text === "string" ? { ...part, text: fill(part.text) } : part,
  );
}
