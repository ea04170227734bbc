import type { Call } from "../types.ts";
import { BETAS } from "./beta-table.ts";
import { betasToSend } from "./betas.ts";
import { ALL_BETAS, betaKey, fieldKey, thinkingKey } from "./learned.ts";

/** A refusal that a change of the request repairs: how to know it, and the key of the repair. */
interface Refusal {
  pattern: RegExp;
  repair(match: RegExpMatchArray, call: Call): string | undefined;
}

/**
 * The words are Bedrock's, which puts `The model returned the following errors: ` before Anthropic's own; so no
 * pattern is anchored at the start. Sources: protocol.md 4a.3–4a.5 and 7.2, clients.md 1.5; the sampling texts from
 * pr-agent#2456 (2026-06-18) and bedrock-access-gateway#191 (2025-10-16).
 */
const REFUSALS: readonly Refusal[] = [
  { pattern: /invalid beta flag/i, repair: (_match, call) => repairUnnamedBeta(call) },
  {
    pattern: /Unexpected value\(s\) (.+?) for the `anthropic-beta` header/,
    repair: ([, flags = ""], call) => repairNamedBetas(flags, call),
  },
  {
    pattern: /([a-z_][\w.-]*): Extra inputs are not permitted/i,
    repair: ([, path = ""]) => repairField(path),
  },
  {
    pattern: /#\/?([\w/-]*): extraneous key \[([\w-]+)\] is not permitted/,
    repair: ([, folder = "", key = ""]) => repairField([...folder.split("/").filter(Boolean), key].join(".")),
  },
  {
    pattern: /adaptive thinking is not supported|Input tag 'adaptive'/i,
    repair: () => thinkingKey("budget"),
  },
  { pattern: /thinking\.type\.enabled\W+ is not supported/, repair: () => thinkingKey("adaptive") },
  { pattern: /`?temperature`? and `?top_p`? cannot both be specified/, repair: () => repairField("top_p") },
  {
    pattern: /`?(temperature|top_p|top_k)`? is (?:deprecated|not supported) for this model/,
    repair: ([, field = ""]) => repairField(field),
  },
];

/**
 * The key that keeps the next request from this refusal, or undefined: it cannot be repaired, or the key that would
 * is known already and did not help.
 */
export function learn(status: number, message: string, call: Call): string | undefined {
  if (status !== 400) return undefined;
  for (const { pattern, repair } of REFUSALS) {
    const match = message.match(pattern);
    if (match === null) continue;
    const key = repair(match, call);
    return key === undefined || call.learned.has(key) ? undefined : key;
  }
  return undefined;
}

/** The culprit has no name: first everything but the core goes (DESIGN 8), and if that was not it, the core. */
function repairUnnamedBeta(call: Call): string | undefined {
  const sent = betasToSend(call.betas, call);
  if (sent.some((flag) => BETAS.get(flag) !== "core")) return ALL_BETAS;
  const [core] = sent;
  return core === undefined ? undefined : betaKey(core);
}

/** One refusal gives one key, so where it names several flags all but the core go, as if it had named none. */
function repairNamedBetas(flags: string, call: Call): string | undefined {
  const named = [...flags.matchAll(/`([^`]+)`/g)].map(([, flag = ""]) => flag);
  const refused = betasToSend(call.betas, call).filter((flag) => named.includes(flag));
  if (refused.length > 1) return ALL_BETAS;
  return refused[0] === undefined ? undefined : betaKey(refused[0]);
}

/** What a request cannot do without: losing it would change the question, not repair it. */
const REQUIRED: readonly RegExp[] = [
  /^(anthropic_version|max_tokens|messages|system|tools)$/,
  /^messages\.\*(\.(role|content))?$/,
  /^messages\.\*\.content\.\*(\.\w+)?\.(type|text|source|id|name|input|tool_use_id|content|thinking|signature|data)$/,
  /^system\.\*(\.\w+)?\.(type|text)$/,
  /^tools\.\*(\.\w+)?\.(type|name|input_schema)$/,
];

function repairField(path: string): string | undefined {
  const key = fieldKey(path);
  const general = key.slice("field:".length);
  return REQUIRED.some((required) => required.test(general)) ? undefined : key;
}
