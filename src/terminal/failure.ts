/** How a failure is told, in one place for every command. */

import { nearest } from "../config/rules.ts";
import { type AicoreError, asAicoreError, UsageError } from "../errors.ts";
import { clean, redact } from "../log.ts";
import { wrap } from "./wrap.ts";

export interface FailureStyle {
  json: boolean;
  /** Adds the stack. */
  verbose: boolean;
  /** Columns of the terminal on stderr. */
  width?: number | undefined;
}

/** What goes to stderr for a failure: an error line and a hint line, or one JSON document. */
export function describeFailure(error: unknown, style: FailureStyle): string {
  const failure = asAicoreError(error);
  const message = readable(failure.message);
  const hint = failure.hint === undefined ? undefined : readable(failure.hint);
  if (style.json) {
    return `${JSON.stringify({ error: { code: failure.code, message, hint: hint ?? null } })}\n`;
  }
  const stack = style.verbose ? stackOf(failure) : undefined;
  const told = [`Error: ${message}`, hint].filter((text) => text !== undefined);
  return [...told.map((text) => wrap(text, style.width)), ...(stack === undefined ? [] : [stack])]
    .map((text) => `${text}\n`)
    .join("");
}

/** Texts of our own may have lines (the choices of a missing keychain); each line is cleaned by itself. */
function readable(text: string): string {
  const lines = text.split("\n").map((line) => clean(line));
  return redact(lines.join("\n"));
}

function stackOf(error: AicoreError): string {
  const { cause } = error;
  const deepest = cause instanceof Error ? cause : error;
  return readable(deepest.stack ?? String(deepest));
}

const SECRET_OPTION =
  /unknown option '--[\w-]*(secret|password|passphrase|service-key|api-key|token|certificate)/i;

/**
 * A message of commander's as our error: `error: unknown option '--prot'\n(Did you mean --port?)`. A value that came
 * with an unknown option (`--client-secret=…`) is cut off.
 */
export function usageErrorFrom(message: string): UsageError {
  if (SECRET_OPTION.test(message)) {
    return new UsageError(
      "secret_in_arguments",
      "Secrets are not accepted on the command line: others can see it.",
      {
        hint: "Use a file, stdin or the environment: aicore login key.json",
      },
    );
  }
  const [text = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const told = text.replace(/(unknown option '[^=']*)=.*'/s, "$1'");
  return new UsageError("usage", `${told.charAt(0).toUpperCase()}${told.slice(1)}`, {
    hint: suggestion?.replace(/^\((.*)\)$/, "$1") ?? suggestedChoice(text) ?? "See aicore --help",
  });
}

/** For a value that is none of an option's choices: the one that was probably meant. */
function suggestedChoice(text: string): string | undefined {
  const [, value, choices] = /argument '(.*)' is invalid\. Allowed choices are (.+)\.$/.exec(text) ?? [];
  const meant = value && choices ? nearest(value, choices.split(", ")) : undefined;
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}
