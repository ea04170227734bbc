/**
 * What hosts that speak OpenAI's dialects refuse by name, and how the next request avoids it. The key
 * `field:messages.*.name` stands for one member, `*` for each item of a list; `rename:max_completion_tokens` for the
 * newer name of the limit.
 */
import { FIELD } from "../learned-fields.ts";
import type { Call } from "../types.ts";

export const COMPLETION_LIMIT = "rename:max_completion_tokens";

/** Sources: protocol 4b.2, 4b.4, 7.5; OpenAI's own wordings of 2025 and 2026, which Azure repeats. */
const REFUSALS: readonly (readonly [RegExp, (named: string) => string | undefined])[] = [
  [/Unsupported parameter: 'max_tokens'.*max_completion_tokens/s, () => COMPLETION_LIMIT],
  [/Function tools with reasoning_effort are not supported/, () => fieldKey("reasoning_effort")],
  [/Encrypted content is not supported/i, () => fieldKey("include")],
  [/Unknown parameter: '([^']+)'/, fieldKey],
  [/Unsupported (?:parameter|value): '([^']+)'/, fieldKey],
  [/Unrecognized request arguments? supplied: (\w+)/, fieldKey],
  [/Invalid '([^']+\.id)'.*[Ee]xpected an ID that begins with/s, fieldKey],
  // The wording of pydantic, which hosts of open models use: `body.seed: Extra inputs are not permitted`.
  [/(?:body\.)?([a-z_][\w.]*): Extra inputs are not permitted/, fieldKey],
];

/** What a request cannot do without: losing it would change the question, not repair it. */
const REQUIRED =
  /(?:^|\.)(?:messages|input|instructions|role|content|type|text|name|tools|function|parameters|model|stream|tool_calls|tool_call_id|call_id|arguments|output)$/;

/** The key that keeps the next request from this refusal; undefined when there is none, or it did not help. */
export function learnRefusal(status: number, message: string, { learned }: Call): string | undefined {
  if (status !== 400 && status !== 422) return undefined;
  for (const [pattern, keyFor] of REFUSALS) {
    const match = pattern.exec(message);
    if (match === null) continue;
    const key = keyFor(match[1] ?? "");
    return key === undefined || learned.has(key) ? undefined : key;
  }
  return undefined;
}

/** `input[3].id` as `field:input.*.id`. */
function fieldKey(path: string): string | undefined {
  const general = path.replace(/\[(?:\d+|'[^']*')\]/g, ".*").replace(/(?<=\.)\d+(?=\.|$)/g, "*");
  return REQUIRED.test(general) ? undefined : FIELD + general;
}
