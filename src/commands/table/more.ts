/** Trying things out, and the command line itself. */
import type { CommandRow } from "../types.ts";

export const MORE: CommandRow[] = [
  {
    name: "sandbox",
    summary: "run a simulated SAP AI Core on this machine and print the path of a service key for it",
    options: [{ flags: "--port <number>", summary: "port to listen on (default: any free one)" }],
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
      "source <(aicore completion bash)",
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
