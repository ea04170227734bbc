/**
 * Claude Code for those who start it themselves, or use its extension for VS Code. `env` of the user's settings goes
 * before the shell's variables; `apiKeyHelper` is a command whose output is sent as the key (code.claude.com/docs, settings;
 * seen in 2.1.329, 2026-11). The variables are those of `aicore claude`.
 */
import { claudeVariables } from "../../claude.ts";
import type { Entry } from "../formats/format.ts";
import { type Door, keyCommand, type Place, pathIn, type Tool, type ToolFile } from "../tool.ts";

/** Would lead elsewhere, or send a foreign key along; each is switched off where the user has set it. */
const SWITCHED_OFF = {
  ANTHROPIC_API_KEY: "",
  ANTHROPIC_AUTH_TOKEN: "",
  CLAUDE_CODE_USE_BEDROCK: "0",
  CLAUDE_CODE_USE_VERTEX: "0",
  CLAUDE_CODE_USE_FOUNDRY: "0",
};

export const claude: Tool = {
  name: "claude",
  title: "Claude Code",
  setup: {
    kind: "files",
    files: async (door, place) => [await settings(door, place)],
    notes: () => [
      "Restart Claude Code, and the VS Code window that its extension runs in.",
      "`aicore claude` needs none of this, and a proxy of its own: it runs without `aicore serve`.",
    ],
  },
};

async function settings({ url, key, keyFile, models }: Door, place: Place): Promise<ToolFile> {
  const { env, platform, home } = place;
  const folder = env.CLAUDE_CONFIG_DIR || pathIn(place, home, ".claude");
  const { find } = models;
  const variables = await claudeVariables({ url, key, find, models: [], env: {}, cwd: home, args: [] });
  const { ANTHROPIC_AUTH_TOKEN: _key, ...rest } = variables;
  const { command, args } = keyCommand(platform, keyFile);
  const entries: Entry[] = [
    ...Object.entries(rest).map(([name, value]) => ({ at: ["env", name], value })),
    ...Object.entries(SWITCHED_OFF).map(([name, value]) => ({
      at: ["env", name],
      value,
      when: "present" as const,
    })),
    { at: ["apiKeyHelper"], value: [command, ...args.map((arg) => quoted(arg, platform))].join(" ") },
  ];
  return { path: pathIn(place, folder, "settings.json"), format: "json", entries };
}

/** For the shell that runs the command. Double quotes hold in cmd and in the bash that Claude Code may use on Windows. */
function quoted(arg: string, platform: NodeJS.Platform): string {
  if (/^[\w./:-]+$/.test(arg)) return arg;
  return platform === "win32" ? `"${arg}"` : `'${arg.replaceAll("'", "'\\''")}'`;
}
