/** Trying things out, and the command line itself. */
import type { CommandRow } from "../types.ts";

export const MORE: CommandRow[] = [
  {
    name: "usage",
    summary: "requests, tokens and cost by model, key, profile, tool, day or session",
    options: [
      {
        flags: "--by <groups>",
        summary: "model, key, profile, tool, day, session; several as model,day (default: model)",
        repeats: true,
      },
      {
        flags: "--since <time>",
        summary: "24h, 7d, 2026-11-01, today; days are those of UTC (default: 30d)",
      },
      { flags: "--until <time>", summary: "up to this time, itself not included" },
      { flags: "--key <name>", summary: "only of this API key" },
      { flags: "--model <name>", summary: "only of this model" },
      { flags: "--tool <name>", summary: "only of this tool, such as claude-code" },
      { flags: "--session <id>", summary: "only of this conversation" },
      {
        flags: "--unit <unit>",
        summary: "tokens, SAP's capacity units, or money at your price for one (cost.price)",
        choices: ["tokens", "cu", "money"],
      },
      { flags: "-o, --output <format>", summary: "how to print it", choices: ["table", "json", "csv"] },
    ],
    examples: [
      "aicore usage",
      "aicore usage --by day --since 7d",
      "aicore usage --by key,model --unit cu -o csv",
    ],
    load: () => import("../usage.ts"),
  },
  {
    name: "config",
    summary: "settings and where each comes from: list, get, set, unset, path",
    verbs: [
      {
        name: "list",
        summary: "list the settings with their values and origins",
        examples: ["aicore config list", "aicore config list --json"],
        load: async () => ({ run: (await import("../config.ts")).list }),
      },
      {
        name: "get",
        summary: "print the value of a setting",
        arguments: [["<name>", "such as server.port, or profiles.<name>.resourceGroup"]],
        examples: ["aicore config get server.port"],
        load: async () => ({ run: (await import("../config.ts")).get }),
      },
      {
        name: "set",
        summary: "change a setting",
        arguments: [
          ["<name>", "of the setting"],
          ["<value>", "a list is separated by commas"],
        ],
        examples: [
          "aicore config set server.port 7000",
          "aicore config set profiles.default.resourceGroup team-blue",
        ],
        load: async () => ({ run: (await import("../config.ts")).set }),
      },
      {
        name: "unset",
        summary: "put a setting back to its default",
        arguments: [["<name>", "of the setting"]],
        examples: ["aicore config unset server.port"],
        load: async () => ({ run: (await import("../config.ts")).unset }),
      },
      {
        name: "path",
        summary: "print where the settings file is",
        examples: ["aicore config path"],
        load: async () => ({ run: (await import("../config.ts")).path }),
      },
    ],
  },
  {
    name: "sandbox",
    summary: "run a simulated SAP AI Core on this machine and print the path of a service key for it",
    options: [
      { flags: "--port <number>", summary: "port to listen on (default: any free one)" },
      { flags: "--tls-cert <file>", summary: "speak https with this certificate (PEM)" },
      { flags: "--tls-key <file>", summary: "its private key (PEM)" },
    ],
    examples: ["aicore sandbox", "aicore sandbox --port 7777 --json"],
    load: () => import("../sandbox.ts"),
  },
  {
    name: "demo",
    summary: "a guided tour on a simulated tenant: no SAP account needed, no file of yours touched",
    examples: ["aicore demo"],
    load: () => import("../demo.ts"),
  },
  {
    name: "completion",
    summary: "print the script that completes commands, options and values at Tab",
    arguments: [["[shell]", "bash, zsh, fish or powershell (default: yours)"]],
    examples: [
      'eval "$(aicore completion bash)"',
      "aicore completion fish > ~/.config/fish/completions/aicore.fish",
    ],
    load: () => import("../completion.ts"),
  },
  {
    name: "__complete",
    summary: "what may stand at the end of these words; asked by the completion scripts",
    arguments: [["[words...]", "those behind aicore, the last one unfinished"]],
    passThrough: true,
    hidden: true,
    load: async () => (await import("../completion.ts")).answering,
  },
];
