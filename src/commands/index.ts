/** The command table: all that `--help` needs to know. A new command is one file and one row. */
import type { CommandRow, OptionRow } from "./types.ts";

export const GLOBAL_OPTIONS: OptionRow[] = [
  { flags: "--profile <name>", summary: "use this profile instead of the current one" },
  { flags: "--json", summary: "print one JSON document; errors as JSON on stderr" },
  { flags: "-q, --quiet", summary: "no notices" },
  { flags: "-v, --verbose", summary: "say more; twice for everything" },
  { flags: "--no-color", summary: "no colors" },
  { flags: "--version", summary: "print the version" },
];

const RESOURCE_GROUP: OptionRow = {
  flags: "--resource-group <name>",
  summary: "the resource group to look in (default: the profile's)",
};

export const COMMANDS: CommandRow[] = [
  {
    name: "login",
    summary: "store the service key of an SAP AI Core instance, once it is proven to work",
    arguments: [["[file]", "the service key (JSON), or - for stdin; asked for on a terminal"]],
    options: [
      { ...RESOURCE_GROUP, summary: 'the resource group of your deployments (default: "default")' },
      { flags: "--storage <kind>", summary: "where the secret goes", choices: ["keychain", "file"] },
      {
        flags: "--insecure-storage",
        summary: "keep the secret in a plain file (mode 0600)",
        conflicts: ["storage"],
      },
      { flags: "--from-env", summary: "take the credentials from the environment variables" },
      { flags: "--no-verify", summary: "store the key without trying it" },
      { flags: "--allow-host <suffix>", summary: "also accept hosts that end so (not an SAP domain)" },
      { flags: "--force", summary: "replace a profile that belongs to another client" },
    ],
    examples: [
      "aicore login key.json",
      "aicore login - < key.json",
      "aicore --profile team2 login key2.json",
    ],
    load: () => import("./login.ts"),
  },
  {
    name: "logout",
    summary: "forget a profile and its secret",
    options: [{ flags: "--all", summary: "forget every profile" }],
    load: () => import("./logout.ts"),
  },
  {
    name: "status",
    alias: "whoami",
    summary: "show who is logged in, where the credentials come from, and whether a proxy runs",
    load: () => import("./status.ts"),
  },
  {
    name: "deployments",
    alias: "deployment",
    summary: "what is deployed in the tenant",
    verbs: [
      {
        name: "list",
        summary: "list the deployments and refresh the model mapping",
        options: [
          RESOURCE_GROUP,
          { flags: "--all-groups", summary: "of every resource group", conflicts: ["resourceGroup"] },
          { flags: "--all-profiles", summary: "of every profile" },
          { flags: "--status <status>", summary: "only those with this status, such as RUNNING" },
          {
            flags: "-o, --output <format>",
            summary: "how to print them",
            choices: ["table", "json", "yaml", "name"],
          },
        ],
        examples: ["aicore deployments list", "aicore deployments list --all-groups -o json"],
        load: () => import("./deployments.ts"),
      },
    ],
  },
  {
    name: "models",
    alias: "model",
    summary: "what can be asked for",
    verbs: [
      {
        name: "list",
        summary: "list the models: names and aliases, deployments, limits, abilities",
        options: [RESOURCE_GROUP],
        load: () => import("./models.ts"),
      },
    ],
  },
  {
    name: "serve",
    summary: "run the proxy in the foreground",
    options: [
      { flags: "--port <number>", summary: "port to listen on; 0 takes any free one (default: 6655)" },
      { flags: "--host <address>", summary: "address to listen on (default: 127.0.0.1)" },
      { flags: "--no-auth", summary: "accept requests without a key (on loopback only)" },
      { flags: "--drain <seconds>", summary: "how long open streams may go on at the end (default: 10)" },
      RESOURCE_GROUP,
    ],
    examples: ["aicore serve", "aicore serve --port 0 --json", 'eval "$(aicore env claude)"'],
    load: () => import("./serve.ts"),
  },
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
    load: async () => (await import("./launch.ts")).launcher("claude"),
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
    load: () => import("./env.ts"),
  },
  {
    name: "sandbox",
    summary: "run a simulated SAP AI Core on this machine and print the path of a service key for it",
    options: [{ flags: "--port <number>", summary: "port to listen on (default: any free one)" }],
    load: () => import("./sandbox.ts"),
  },
  {
    name: "demo",
    summary: "a guided tour on a simulated tenant: no SAP account needed, no file of yours touched",
    load: () => import("./demo.ts"),
  },
  {
    name: "keychain",
    summary: "where secrets are kept, and what to do without a keychain",
    topic: true,
    load: () => import("./keychain.ts"),
  },
];
