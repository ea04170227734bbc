/**
 * Claude Code's settings files may hold an `env` of their own, and it wins over the environment that we set (seen in
 * 2.1.329, 2026-11): base URL, token and model all come from there, and our proxy is never asked.
 */
import { join } from "node:path";
import { isObject } from "../hub/json.ts";
import { homeOf, readJson } from "./settings-file.ts";

const CONFLICTING = [
  "ANTHROPIC_BASE_URL",
  "ANTHROPIC_AUTH_TOKEN",
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

/** One sentence a file that would override what we set. It names the keys, never their values. */
export function settingsConflicts(env: NodeJS.ProcessEnv, cwd: string): string[] {
  return settingsFiles(env, cwd).flatMap((path) => {
    const keys = conflictingKeys(path);
    if (keys.length === 0) return [];
    return [
      `${path} sets ${keys.join(", ")}, which overrides aicore: remove it there to use the tenant's models.`,
    ];
  });
}

/** User, project and managed settings, where Claude Code looks for them. */
function settingsFiles(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const managed = MANAGED[process.platform];
  const files = [
    join(env.CLAUDE_CONFIG_DIR || join(homeOf(env), ".claude"), "settings.json"),
    join(cwd, ".claude", "settings.json"),
    join(cwd, ".claude", "settings.local.json"),
    ...(managed ? [managed] : []),
  ];
  return [...new Set(files)];
}

function conflictingKeys(path: string): string[] {
  const settings = readJson(path);
  if (!isObject(settings)) return [];
  const env = isObject(settings.env) ? settings.env : {};
  const keys = CONFLICTING.filter((key) => key in env).map((key) => `env.${key}`);
  return typeof settings.apiKeyHelper === "string" ? [...keys, "apiKeyHelper"] : keys;
}
