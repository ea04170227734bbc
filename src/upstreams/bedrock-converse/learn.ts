import { fieldKey } from "../bedrock-claude/learned.ts";
import type { Call } from "../types.ts";

/** The deployment refused cache points. */
export const NO_CACHE = "converse:no-cache";

/** What a request can do without: losing anything else would change the question, not repair it. */
const DISPENSABLE: readonly RegExp[] = [
  /^(inferenceConfig|additionalModelRequestFields)(\.|$)/,
  /^toolConfig\.toolChoice(\.|$)/,
  /\.(toolResult\.status|toolSpec\.description)$/,
];

interface Refusal {
  pattern: RegExp;
  key(match: RegExpMatchArray): string | undefined;
}

/** In Bedrock's words: those of its JSON-schema checks, and of its documentation on prompt caching. */
const REFUSALS: readonly Refusal[] = [
  {
    pattern: /#\/?([\w/-]*): extraneous key \[([\w-]+)\] is not permitted/,
    key: ([, folder = "", name = ""]) => dispensable([...folder.split("/").filter(Boolean), name].join(".")),
  },
  { pattern: /cache_?point|prompt caching/i, key: () => NO_CACHE },
];

/** The key that keeps the next request from this refusal, or undefined: there is none, or it did not help before. */
export function learn(status: number, message: string, call: Call): string | undefined {
  if (status !== 400) return undefined;
  for (const { pattern, key } of REFUSALS) {
    const match = message.match(pattern);
    if (match === null) continue;
    const repair = key(match);
    return repair === undefined || call.learned.has(repair) ? undefined : repair;
  }
  return undefined;
}

function dispensable(path: string): string | undefined {
  return DISPENSABLE.some((allowed) => allowed.test(path)) ? fieldKey(path) : undefined;
}
