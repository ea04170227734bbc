import { redact } from "../log.ts";

const MESSAGE_LIMIT = 500;
const READ_LIMIT = 20_000;

/** An upstream's words, fit to be shown: without HTML, secrets or line breaks at the ends, at most 500 characters. */
export function presentable(text: string, status: number): string {
  const plain = stripHtml(text.slice(0, READ_LIMIT)).trim();
  const safe = redact(status >= 500 ? maskSecretWords(plain) : plain);
  return cut(safe, MESSAGE_LIMIT);
}

/** Shortens to `limit` characters, never inside a surrogate pair. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The readable part of an HTML page (gateways in front of SAP answer 502 and 503 with one); other text as it is. */
function stripHtml(text: string): string {
  if (!/<(!doctype|html|head|body)\b/i.test(text)) return text;
  return text
    .replace(/<(style|script)\b[\s\S]*?(<\/\1\s*>|$)/gi, " ")
    .replace(/<[^>]*(>|$)/g, " ")
    .replace(/\s+/g, " ");
}

/** In texts of 5xx answers, which may dump a failed call, the word after one of these names is taken for a secret. */
function maskSecretWords(text: string): string {
  return text.replace(
    /(?<![a-z])((?:token|bearer|secret|password|authorization)(?:["']?\s*[:=]\s*["']?|\s+)(?:(?:bearer|basic)\s+)?)[^\s"',;]+/gi,
    "$1[redacted]",
  );
}
