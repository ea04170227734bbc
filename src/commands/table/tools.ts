/** Programs that use the models. */
import type { Agent } from "../../agents/types.ts";
import type { CommandRow } from "../types.ts";
import { RESOURCE_GROUP } from "./options.ts";

/** A tool that is started by its name. */
function launcher(name: string, title: string, examples: string[], agent: () => Promise<Agent>): CommandRow {
  return {
    name,
    summary: `run ${title} with the models of the tenant`,
    arguments: [["[args...]", `everything behind the name goes to ${title} as it is`]],
    passThrough: true,
    examples,
    load: async () => {
      const [{ launcher }, found] = await Promise.all([import("../launch.ts"), agent()]);
      return launcher(found);
    },
  };
}

export const TOOLS: CommandRow[] = [
  launcher(
    "claude",
    "Claude Code",
    ["aicore claude", 'aicore claude -p "what does this project do?"', "aicore --profile team2 claude"],
    async () => (await import("../../agents/claude.ts")).claude,
  ),
  launcher(
    "codex",
    "Codex",
    ["aicore codex", 'aicore codex exec "fix the tests"', "aicore codex -m gpt-5.5"],
    async () => (await import("../../agents/codex.ts")).codex,
  ),
  launcher(
    "opencode",
    "opencode",
    ["aicore opencode", 'aicore opencode run "fix the tests"'],
    async () => (await import("../../agents/opencode.ts")).opencode,
  ),
  launcher(
    "gemini",
    "Gemini CLI",
    ["aicore gemini", 'aicore gemini -p "what does this project do?"'],
    async () => (await import("../../agents/gemini.ts")).gemini,
  ),
  launcher(
    "qwen",
    "Qwen Code",
    ["aicore qwen", 'aicore qwen -p "what does this project do?"'],
    async () => (await import("../../agents/qwen.ts")).qwen,
  ),
  launcher(
    "aider",
    "aider",
    ["aicore aider", "aicore aider src/main.py"],
    async () => (await import("../../agents/aider.ts")).aider,
  ),
  {
    name: "run",
    summary: "run any program with OpenAI, Anthropic and Gemini variables set",
    arguments: [["[command...]", "the program and its arguments, best behind --"]],
    passThrough: true,
    examples: ["aicore run -- python agent.py", "aicore run -- npm test"],
    load: () => import("../run.ts"),
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
    arguments: [
      ["[tool]", "a tool that `aicore` can start (default: those of every dialect, as `run` sets them)"],
    ],
    options: [
      {
        flags: "--shell <name>",
        summary: "syntax of the output (default: of your shell)",
        choices: ["bash", "zsh", "fish", "powershell", "cmd", "dotenv", "json"],
      },
      { flags: "--port <number>", summary: "the port of the proxy, where several run" },
    ],
    examples: ['eval "$(aicore env claude)"', "aicore env --shell fish | source", "aicore env --shell json"],
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
