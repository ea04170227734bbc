/**
 * What the service refused for a model. One deployment serves all models, so a key names the model too:
 * `gpt-5.6-sol field:tool_choice`.
 */
import type { JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

/** SAP's wordings (protocol 4f.2); the text shows that LiteLLM stands behind them. */
const REFUSALS: readonly RegExp[] = [
  /does not support parameters: \[?'([a-z_]+)'/i,
  /does(?:n't| not) support ([a-z_]+)=/i,
  /don't support ([a-z_]+)=/i,
];

/** What a request cannot do without. */
const REQUIRED: ReadonlySet<string> = new Set(["model", "messages", "stream"]);

export function learn(status: number, message: string, call: Call): string | undefined {
  if (status !== 400) return undefined;
  const field = REFUSALS.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined);
  if (field === undefined || REQUIRED.has(field)) return undefined;
  const key = keyFor(field, call);
  return call.learned.has(key) ? undefined : key;
}

export function dropLearned(body: JsonObject, call: Call): JsonObject {
  return Object.keys(body).reduce((rest, field) => {
    if (!call.learned.has(keyFor(field, call))) return rest;
    call.note(`${field} is left out: orchestration refused it for ${call.model}`);
    return withMember(rest, field, undefined);
  }, body);
}

function keyFor(field: string, { model }: Call): string {
  return `${model} field:${field}`;
}
