/** A model name as someone wrote it, read by rule: which model of which line is meant. Pure; knows no releases. */
export type ModelName = ClaudeName | FamilyName | OtherName;

interface WrittenName {
  /** Lower-case, without decoration; equal for every spelling of one model. */
  key: string;
  /** Whether the name ended in `[1m]`. */
  longContext: boolean;
}

/** A Claude model of a given version. */
interface ClaudeName extends WrittenName {
  kind: "claude";
  /** `opus`, `sonnet`, `haiku`, or what comes after them. */
  variant: string;
  /** `[4, 6]`; `[4]` for `4` and `4.0`. */
  version: number[];
}

/** The newest Claude of a family: `opus`, `default`, `claude-sonnet-latest`. */
interface FamilyName extends WrittenName {
  kind: "family";
  variant: string;
}

/** Any other model. */
interface OtherName extends WrittenName {
  kind: "other";
}

/** Claude Code's names for "whatever is best here". */
const FAMILIES = new Map([
  ["opus", "opus"],
  ["sonnet", "sonnet"],
  ["haiku", "haiku"],
  ["default", "opus"],
  ["best", "opus"],
  ["opusplan", "sonnet"],
]);

/** What clients and clouds hang on a name, in the order in which it is cut. */
const DECORATION: readonly RegExp[] = [
  // LiteLLM `openai/`, Google `models/`, an AWS ARN up to its profile.
  /^.*\//,
  // Bedrock: `us.anthropic.`, `global.anthropic.`, `amazon.`.
  /^(?:[a-z]{2,6}(?:-[a-z]{2,4})?\.)?(?:anthropic|amazon|mistral|meta|cohere)\./,
  // SAP: `anthropic--`, `mistralai--`.
  /^[a-z]+--/,
  // OpenAI's chat tunings: `chatgpt-4o-latest`.
  /^chat(?=gpt-)/,
  // Vertex: `@20250929`, `@default`.
  /@[\w-]+$/,
  // Bedrock: `-v1:0`.
  /-v\d+(?::\d+)?$/,
  /-latest$/,
  // Google: `-preview-06-17`, `-preview-09-2025`.
  /-preview(?:-\d{4})?(?:-\d{2}){1,2}(?:-\d{4})?$/,
  // `-20250929`, `-2025-08-07`.
  /-\d{8}$/,
  /-\d{4}-\d{2}-\d{2}$/,
];

const NEW_ORDER = /^claude-(?<variant>[a-z]+)(?:-(?<major>\d{1,2})(?:[.-](?<minor>\d{1,2}))?)?$/;
const OLD_ORDER = /^claude-(?<major>\d{1,2})(?:[.-](?<minor>\d{1,2}))?-(?<variant>[a-z]+)$/;
const LONG_CONTEXT = /\[1m\]$/;

/**
 * Reads a name that a client asks for, or one of SAP's. Both orders of Claude's names are understood
 * (`claude-3-7-sonnet`, `claude-sonnet-4-5`), with a dash or a dot in the version.
 */
export function parseModelName(requested: string): ModelName {
  const written = requested.trim().toLowerCase();
  const longContext = LONG_CONTEXT.test(written);
  const key = undecorated(written.replace(LONG_CONTEXT, ""));
  const family = FAMILIES.get(key);
  if (family !== undefined) return { kind: "family", key, longContext, variant: family };
  const parts = (NEW_ORDER.exec(key) ?? OLD_ORDER.exec(key))?.groups;
  if (!parts?.variant) return { kind: "other", key, longContext };
  const { variant, major, minor } = parts;
  if (major === undefined) return { kind: "family", key, longContext, variant };
  const version =
    minor === undefined || Number(minor) === 0 ? [Number(major)] : [Number(major), Number(minor)];
  return { kind: "claude", key: claudeId(variant, version), longContext, variant, version };
}

/** `claude-sonnet-4-5`: Anthropic's present spelling. */
function claudeId(variant: string, version: number[]): string {
  return `claude-${variant}-${version.join("-")}`;
}

/** Compares versions as numbers: 4.10 is newer than 4.9. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function undecorated(name: string): string {
  return DECORATION.reduce((rest, decoration) => rest.replace(decoration, "") || rest, name);
}

/**
 * For sorting ids, numbers by their worth: 4.6 before 4.10. Without a collator: the first comparison of one in a process
 * takes 5 ms (Node 20, 2026-11), and every start of a launcher would wait for it.
 */
export function compareNames(a: string, b: string): number {
  const [one, other] = [sortable(a), sortable(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function sortable(id: string): string {
  return id.replace(/\d+/g, (digits) => digits.padStart(8, "0"));
}
