import { CredentialsError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { jsonErrorPosition } from "../../hub/json-position.ts";

const TYPOGRAPHIC_QUOTE = /[\u201c-\u201f\u2018-\u201b\u00ab\u00bb]/;

/**
 * The bytes of a service key as text.
 * @throws CredentialsError for UTF-16 (what PowerShell's `>` wrote before version 6) and for other non-UTF-8
 */
export function decodeKey(bytes: Uint8Array, name: string): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff || bytes.subarray(0, 4).includes(0)) {
    throw new CredentialsError("key_encoding", `${name} is saved as UTF-16, save as UTF-8.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CredentialsError("key_encoding", `${name} is not UTF-8 text.`, { cause });
  }
}

/**
 * The JSON object in a text, whatever surrounds it: a byte order mark, a Markdown fence, the lines that
 * `cf service-key` prints above it. They are blanked, so that positions still count from the top of the text.
 * @throws CredentialsError with line and column, never with a word of the text: it holds a secret
 */
export function parseKeyJson(text: string): JsonObject {
  const json = text
    .replace(/^\ufeff/, "")
    .replace(/^[ \t]*```.*$/gm, "")
    .replace(/^[^{["]*\n(?=[ \t]*\{)/, (lines) => lines.replace(/[^\n]/g, ""));
  if (json.trim() === "") throw invalid("Service key is empty.");
  const value = parse(json);
  if (!isObject(value)) throw invalid("Service key must be a JSON object.");
  return value;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    const { line, column } = jsonErrorPosition(json);
    const culprit = json.split("\n")[line - 1]?.[column - 1] ?? "";
    const place = `line ${line}, column ${column}`;
    if (TYPOGRAPHIC_QUOTE.test(culprit)) {
      throw invalid(`Service key has a typographic quote (${place}) where a plain " must stand.`);
    }
    throw invalid(`Service key is not valid JSON (${place}).`);
  }
}

function invalid(message: string): CredentialsError {
  return new CredentialsError("key_invalid", message, {
    hint: "Copy the service key as JSON from the BTP cockpit, or run `cf service-key INSTANCE KEY`.",
  });
}
