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
];
