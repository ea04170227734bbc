/** Programs that use the models. */
import type { CommandRow } from "../types.ts";
import { RESOURCE_GROUP } from "./options.ts";

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
    name: "chat",
    summary: "talk to a model, or ask it one thing",
    arguments: [["[prompt...]", "what to ask; standard input is put below it. Without both: a conversation"]],
    options: [
      { flags: "-m, --model <model>", summary: "any model of the tenant (default: the newest Claude)" },
      { flags: "--system <text>", summary: "what the model is told about its part" },
      RESOURCE_GROUP,
    ],
    examples: [
      "aicore chat",
      'aicore chat "why is the sky blue?"',
      'git diff | aicore chat -m sonnet "write a commit message for this"',
      'aicore chat --json -m gpt-5 "name three rivers"',
    ],
    load: () => import("../chat.ts"),
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
