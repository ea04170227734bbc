/**
 * Claude Code's settings files may hold an `env` of their own, and it wins over the environment that we set: base URL,
 * token and model all come from there, and our proxy is never asked. `--settings` wins over the user's and the project's
 * files, not over managed ones; of several, the last counts alone. Of an `apiKeyHelper` and ANTHROPIC_AUTH_TOKEN both are
 * sent, the helper's key as `x-api-key`. All seen in runs of 2.1.197 and 2.1.330, 2026-11.
 */
import { join } from "node:path";
import { pathsFor } from "../config/paths.ts";
import { isObject } from "../hub/json.ts";
import { optionValue } from "./choice.ts";
import { readRecord } from "./configure/record.ts";
import { homeOf, readJson } from "./settings-file.ts";

const TOKEN = "ANTHROPIC_AUTH_TOKEN";
const CONFLICTING = [
  "ANTHROPIC_BASE_URL",
  TOKEN,
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_MODEL",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
];

const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "/Library/Application Support/ClaudeCode/managed-settings.json",
  linux: "/etc/claude-code/managed-settings.json",
  win32: "C:\\Program Files\\ClaudeCode\\managed-settings.json",
};

/** A settings file that would override what we set. */
export interface Conflict {
  path: string;
  /** `env.<variable>` and `apiKeyHelper`; never their values. */
  keys: string[];
  /** Whether `aicore configure claude` wrote to this file. */
  ours: boolean;
}

/** Where Claude Code runs, and what else it is told. */
interface Situation {
  env: NodeJS.ProcessEnv;
  cwd: string;
  args: readonly string[];
}

export function settingsConflicts(env: NodeJS.ProcessEnv, cwd: string): Conflict[] {
  const configured = configuredFiles(env);
  return settingsFiles(env, cwd).flatMap((path) => {
    const { variables, hasHelper } = settingsAt(path);
    const keys = CONFLICTING.filter((key) => key in variables).map((key) => `env.${key}`);
    if (hasHelper) keys.push("apiKeyHelper");
    return keys.length > 0 ? [{ path, keys, ours: configured.includes(path) }] : [];
  });
}

/** One sentence: a fact, a colon, and what to do. */
export function conflictSentence({ path, keys, ours }: Conflict): string {
  const remedy = ours
    ? "take it out with `aicore unconfigure claude`."
    : "remove it there to use the tenant's models.";
  return `${path} sets ${keys.join(", ")}, which overrides aicore: ${remedy}`;
}

/** The model that Claude Code's settings ask for, which wins over ANTHROPIC_MODEL of the environment. */
export function modelInSettings(env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  const asked = settingsFiles(env, cwd).map((path) => settingsAt(path).variables.ANTHROPIC_MODEL);
  return asked.filter((model) => typeof model === "string").findLast((model) => model !== "");
}

/**
 * `--settings` with our `variables` in place of those that a settings file has of its own, and `removed` ones emptied;
 * no token among them, since others can see a command line. What stays in the way is told: a token, managed settings,
 * or all of it where the user gives a `--settings` that ours would undo.
 */
export function settingsOnTop(
  { env, cwd, args }: Situation,
  variables: Record<string, string>,
  removed: readonly string[],
): { args: string[]; warnings: string[] } {
  const conflicts = settingsConflicts(env, cwd);
  if (optionValue(args, "--settings") !== undefined) {
    return { args: [], warnings: conflicts.map(conflictSentence) };
  }
  const found = settingsFiles(env, cwd).map(settingsAt);
  const names = new Set(found.flatMap((settings) => Object.keys(settings.variables)));
  names.delete(TOKEN);
  const ours = { ...Object.fromEntries(removed.map((name) => [name, ""])), ...variables };
  const overridden = Object.fromEntries(Object.entries(ours).filter(([name]) => names.has(name)));
  const settings = {
    ...(Object.keys(overridden).length > 0 && { env: overridden }),
    ...(found.some(({ hasHelper }) => hasHelper) && { apiKeyHelper: "" }),
  };
  const left = conflicts
    .map((conflict) =>
      conflict.path === managedFile() ? conflict : { ...conflict, keys: tokenOf(conflict) },
    )
    .filter(({ keys }) => keys.length > 0);
  return {
    args: Object.keys(settings).length > 0 ? ["--settings", JSON.stringify(settings)] : [],
    warnings: left.map(conflictSentence),
  };
}

function tokenOf({ keys }: Conflict): string[] {
  return keys.filter((key) => key === `env.${TOKEN}`);
}

/** User, project and managed settings, where Claude Code looks for them; a later one wins. */
function settingsFiles(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const managed = managedFile();
  const files = [
    join(env.CLAUDE_CONFIG_DIR || join(homeOf(env), ".claude"), "settings.json"),
    join(cwd, ".claude", "settings.json"),
    join(cwd, ".claude", "settings.local.json"),
    ...(managed ? [managed] : []),
  ];
  return [...new Set(files)];
}

function managedFile(): string | undefined {
  return MANAGED[process.platform];
}

function settingsAt(path: string): { variables: Record<string, unknown>; hasHelper: boolean } {
  const settings = readJson(path);
  if (!isObject(settings)) return { variables: {}, hasHelper: false };
  return {
    variables: isObject(settings.env) ? settings.env : {},
    hasHelper: typeof settings.apiKeyHelper === "string" && settings.apiKeyHelper !== "",
  };
}

/** What `aicore configure claude` wrote to. A record that cannot be read is told by `configure` itself. */
function configuredFiles(env: NodeJS.ProcessEnv): string[] {
  try {
    return readRecord(pathsFor(env), "claude")?.files.map(({ path }) => path) ?? [];
  } catch {
    return [];
  }
}
