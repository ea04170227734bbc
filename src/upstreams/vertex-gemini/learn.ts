import { camelCase } from "../../hub/proto-names.ts";
import type { Call } from "../types.ts";
import { fieldKey, JSON_WITHOUT_TOOLS, levelKey, NO_JSON_SCHEMA } from "./learned.ts";

/** A refusal that a change of the request repairs: how to know it, and the key of the repair. */
interface Refusal {
  pattern: RegExp;
  repair(match: RegExpMatchArray): string | undefined;
}

const THINKING = "generationConfig.thinkingConfig";

/** Vertex's words; sources: protocol 4c and 7.7, gcli2api#108, chatluna#519, modelparams.dev#314, and its reference. */
const REFUSALS: readonly Refusal[] = [
  { pattern: /unknown name "\w*json_?schema"/i, repair: () => NO_JSON_SCHEMA },
  {
    pattern: /Unknown name "([\w$]+)"(?: at '([^']*)')?/,
    repair: ([, name = "", path = ""]) => repairField(path, name),
  },
  {
    pattern: /thinking[_ ]?level\W+(minimal|low|medium|high)\b/i,
    repair: ([, level = ""]) => levelKey(level),
  },
  { pattern: /thinking[_ ]?level/i, repair: () => fieldKey(`${THINKING}.thinkingLevel`) },
  {
    pattern: /thinking[_ ]budget|Budget \d+ is invalid/i,
    repair: () => fieldKey(`${THINKING}.thinkingBudget`),
  },
  { pattern: /include_thoughts/i, repair: () => fieldKey(`${THINKING}.includeThoughts`) },
  { pattern: /thinking is not (?:supported|enabled)/i, repair: () => fieldKey(THINKING) },
  {
    pattern: /(presence|frequency)[_ ]?penalty/i,
    repair: ([, kind = ""]) => fieldKey(`generationConfig.${kind.toLowerCase()}Penalty`),
  },
  { pattern: /Function calling with a response mime type/i, repair: () => JSON_WITHOUT_TOOLS },
];

/** The key that keeps the next request from this refusal, or undefined: there is none, or it did not help before. */
export function learn(status: number, message: string, call: Call): string | undefined {
  if (status !== 400) return undefined;
  for (const { pattern, repair } of REFUSALS) {
    const match = message.match(pattern);
    if (match === null) continue;
    const key = repair(match);
    return key === undefined || call.learned.has(key) ? undefined : key;
  }
  return undefined;
}

/** What a request cannot do without: losing it would change the question, not repair it. */
const REQUIRED: readonly RegExp[] = [
  /^(contents|systemInstruction|tools|generationConfig)$/,
  /^(contents\.\*|systemInstruction)\.(role|parts)$/,
  /\.parts\.\*\.(text|inlineData|fileData|functionCall|functionResponse)(\.(name|args|response|data|mimeType))?$/,
  /^tools\.\*\.functionDeclarations(\.\*\.(name|parameters.*|parametersJsonSchema.*))?$/,
];

/** `at 'contents[0].parts[1].function_call'` with the name `id` is `contents.*.parts.*.functionCall.id`. */
function repairField(at: string, name: string): string | undefined {
  const folder = at
    .replace(/\[\d+\]/g, ".*")
    .split(".")
    .filter(Boolean);
  const path = [...folder, name].map(camelCase).join(".");
  return REQUIRED.some((required) => required.test(path)) ? undefined : fieldKey(path);
}
