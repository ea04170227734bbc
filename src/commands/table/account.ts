/** Who you are: logging in, profiles, where secrets lie. */
import type { CommandRow } from "../types.ts";
import { LIST_OUTPUT, RESOURCE_GROUP } from "./options.ts";

export const ACCOUNT: CommandRow[] = [
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
    load: () => import("../login.ts"),
  },
  {
    name: "logout",
    summary: "forget a profile and its secret",
    options: [{ flags: "--all", summary: "forget every profile" }],
    examples: ["aicore logout", "aicore --profile team2 logout"],
    load: () => import("../logout.ts"),
  },
  {
    name: "status",
    alias: "whoami",
    summary: "show who is logged in, where the credentials come from, and whether a proxy runs",
    options: [{ flags: "--all-profiles", summary: "every profile, a line each" }],
    examples: ["aicore status", "aicore status --all-profiles"],
    load: () => import("../status.ts"),
  },
  {
    name: "profiles",
    alias: "profile",
    summary: "the sub-accounts that you are logged in to: list, use, rename, remove",
    verbs: [
      {
        name: "list",
        summary: "list the profiles",
        options: [LIST_OUTPUT],
        examples: ["aicore profiles list", "aicore profiles list --json"],
        load: async () => ({ run: (await import("../profiles.ts")).list }),
      },
      {
        name: "use",
        summary: "make a profile the current one",
        arguments: [["<name>", "of the profile"]],
        examples: ["aicore profiles use team2"],
        load: async () => ({ run: (await import("../profiles.ts")).use }),
      },
      {
        name: "rename",
        summary: "give a profile another name; its secret moves with it",
        arguments: [
          ["<name>", "of the profile"],
          ["<new-name>", "that it gets"],
        ],
        examples: ["aicore profiles rename default team-red"],
        load: async () => ({ run: (await import("../profiles.ts")).rename }),
      },
      {
        name: "remove",
        summary: "forget a profile and its secret, like logout",
        arguments: [["<name>", "of the profile"]],
        examples: ["aicore profiles remove team2"],
        load: async () => ({ run: (await import("../profiles.ts")).remove }),
      },
    ],
  },
  {
    name: "doctor",
    summary: "check everything between this machine and the models: each failure with its cause and its fix",
    options: [
      {
        flags: "--live",
        summary: "also send a few tiny requests to every running deployment (costs tokens)",
      },
      { flags: "--bundle <file>", summary: "write a report without secrets, for a bug or a colleague" },
    ],
    examples: ["aicore doctor", "aicore doctor --live", "aicore doctor --bundle report.json"],
    load: () => import("../doctor.ts"),
  },
  {
    name: "keychain",
    summary: "where secrets are kept, and what to do without a keychain",
    topic: true,
    load: () => import("../keychain.ts"),
  },
];
