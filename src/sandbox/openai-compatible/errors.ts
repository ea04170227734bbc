import { json, type PlainAnswer } from "../answer.ts";

/** What the words of a refusal say beside themselves: its code, and the parameter that they quote. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^Unknown parameter/, "unknown_parameter"],
  [/^Missing required parameter/, "missing_required_parameter"],
  [/^Unsupported parameter/, "unsupported_parameter"],
  [/^Unsupported value/, "unsupported_value"],
  [/maximum context length|exceeds the context window/, "context_length_exceeded"],
  [/^Resource not found/, "404"],
];

/** The shape of Azure OpenAI's errors, and of those who follow it (protocol 6.1). */
export function openaiError(status: number, message: string): PlainAnswer {
  const code = CODES.find(([words]) => words.test(message))?.[1] ?? null;
  const param = /^[^']*'([^']+)'/.exec(message)?.[1] ?? null;
  return json(status, { error: { code, message, param, type: "invalid_request_error" } });
}
