/** Programs that use the models. */
import type { CommandRow } from "../types.ts";

export const TOOLS: CommandRow[] = [
  {
    name: "claude",
    summary: "run Claude Code with the models of the tenant",
    arguments: [["[args...]", "everything behind the name goes to Claude Code as it is"]],
    passThrough: true,
    examples: [
      "aicore claude",
      'aicore claude -p "what does this project do?"',
      "aicore --profile team2 claude",
    ],
    load: async () => (await import("../launch.ts")).launcher("claude"),
  },
  {
    name: "env",
    summary: "print the variables that point a tool at a running `aicore serve`",
    arguments: [["[tool]", "claude (default)"]],
    options: [
      {
        flags: "--shell <name>",
        summary: "syntax of the output (default: of your shell)",
        choices: ["bash", "zsh", "fish", "powershell", "cmd", "dotenv", "json"],
      },
      { flags: "--port <number>", summary: "the port of the proxy, where several run" },
    ],
    examples: ['eval "$(aicore env claude)"', "aicore env --shell fish | source"],
    load: () => import("../env.ts"),
  },
  {
    name: "configure",
    summary: "point a program that only reads settings at the proxy; without a name: which ones are",
    arguments: [
      ["[tool]", "claude, codex, opencode, gemini, qwen, continue, zed, cline, roo, cursor, cherry-studio"],
    ],
    options: [
      { flags: "--dry-run", summary: "show the change and write nothing" },
      { flags: "--port <number>", summary: "the port of the proxy (default: the setting server.port)" },
    ],
    examples: ["aicore configure", "aicore configure codex --dry-run", "aicore configure zed --port 7000"],
    load: () => import("../configure.ts"),
  },
  {
    name: "unconfigure",
    summary: "take out of a program's settings what configure put there, and nothing else",
    arguments: [["<tool>", "the tool"]],
    options: [{ flags: "--dry-run", summary: "show the change and write nothing" }],
    examples: ["aicore unconfigure codex"],
    load: () => import("../unconfigure.ts"),
  },
];
