/** What a value in `config.json` must be; one row a setting, so that a wrong one is told in the same words everywhere. */
export type Rule = { required?: boolean; secret?: boolean } & (
  | { type: "url" | "boolean" }
  | { type: "string"; form?: { name: string; pattern: RegExp } }
  | { type: "strings"; items?: { name: string; pattern: RegExp } }
  | { type: "integer" | "number"; minimum: number; maximum: number }
  | { type: "choice"; choices: readonly string[] }
);

/** A rule for every field of `T`. */
export type Rules<T> = Record<keyof T & string, Rule>;

/**
 * @returns the complaint about `value`, or undefined when it is fine: `expected 1–65535, got "abc"`; a secret is not
 * repeated
 */
export function complaint(rule: Rule, value: unknown): string | undefined {
  if (fits(rule, value)) return undefined;
  return `expected ${wanted(rule)}, got ${rule.secret ? "something else" : shown(value)}`;
}

/** A value that came as text, from a command line or a variable, in the rule's type; text that is none stays text. */
export function fromText(rule: Rule, text: string): unknown {
  switch (rule.type) {
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case "number":
      return /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "strings":
      return text.split(",").map((part) => part.trim());
    default:
      return text;
  }
}

/** The name that was probably meant: at most two letters away. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= 2 ? best.candidate : undefined;
}

function fits(rule: Rule, value: unknown): boolean {
  switch (rule.type) {
    case "integer":
      return Number.isInteger(value) && Number(value) >= rule.minimum && Number(value) <= rule.maximum;
    case "number":
      return typeof value === "number" && value >= rule.minimum && value <= rule.maximum;
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && rule.choices.includes(value);
    case "strings":
      return Array.isArray(value) && value.every((item) => isItem(item, rule.items?.pattern ?? /./));
    case "url":
      return typeof value === "string" && URL.canParse(value);
    case "string":
      return typeof value === "string" && value !== "" && (rule.form?.pattern.test(value) ?? true);
  }
}

function isItem(item: unknown, pattern: RegExp): boolean {
  return typeof item === "string" && pattern.test(item);
}

function wanted(rule: Rule): string {
  switch (rule.type) {
    case "integer":
      return `${rule.minimum}–${rule.maximum}`;
    case "number":
      return `a number from ${rule.minimum} to ${rule.maximum}, such as 1.25`;
    case "boolean":
      return "true or false";
    case "choice":
      return rule.choices.map((choice) => JSON.stringify(choice)).join(", ");
    case "strings":
      return `a list of ${rule.items?.name ?? "texts"}`;
    case "url":
      return "a URL";
    case "string":
      return rule.form?.name ?? "a text";
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Levenshtein's distance. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
