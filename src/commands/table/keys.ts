/** Who may use the proxy. */
import type { CommandRow } from "../types.ts";
import { LIST_OUTPUT } from "./options.ts";

export const KEYS: CommandRow[] = [
  {
    name: "keys",
    alias: "key",
    summary: "API keys of the proxy, each with its own limits: list, create, revoke",
    verbs: [
      {
        name: "list",
        summary: "list the keys, what each may use and what it has used",
        options: [LIST_OUTPUT],
        examples: ["aicore keys list", "aicore keys list -o json"],
        load: async () => ({ run: (await import("../keys.ts")).list }),
      },
      {
        name: "create",
        summary: "make a key and print it, this once",
        options: [
          { flags: "--name <name>", summary: "whom or what it is for; its use is told under this name" },
          {
            flags: "--expires <when>",
            summary: "a lifetime (12h, 30d, 1y) or a day such as 2027-01-31 (default: never)",
          },
          {
            flags: "--models <names>",
            summary: "the models that it may use, separated by commas; * stands for anything",
          },
          { flags: "--rpm <number>", summary: "requests a minute" },
          {
            flags: "--tpm <number>",
            summary: "tokens a minute, of input and output; 250k and 1.5M are numbers too",
          },
          { flags: "--tokens-per-day <number>", summary: "tokens a day (UTC)" },
          { flags: "--tokens-per-month <number>", summary: "tokens a month (UTC)" },
          { flags: "--budget-cu <number>", summary: "capacity units of SAP in all" },
          { flags: "--concurrency <number>", summary: "requests at the same time" },
          { flags: "--admin", summary: "opens /admin and the dashboard too" },
        ],
        examples: [
          "aicore keys create --name ci --expires 30d --rpm 60 --tokens-per-day 2M",
          "aicore keys create --name interns --models 'claude-haiku*,gpt-5-mini' --budget-cu 5",
          "aicore keys create --name ops --admin",
        ],
        load: async () => ({ run: (await import("../keys.ts")).create }),
      },
      {
        name: "revoke",
        summary: "take a key back; running proxies refuse it within a second",
        arguments: [["<key>", "its name, id or beginning, as `aicore keys list` shows them"]],
        options: [{ flags: "-y, --yes", summary: "do not ask" }],
        examples: ["aicore keys revoke ci", "aicore keys revoke key_3f9a0c12be77 --yes"],
        load: async () => ({ run: (await import("../keys.ts")).revoke }),
      },
    ],
  },
];
