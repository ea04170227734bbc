/** Who you are: logging in, profiles, where secrets lie. */
import type { CommandRow } from "../types.ts";
import { RESOURCE_GROUP } from "./options.ts";

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
    load: () => import("../status.ts"),
  },
  {
    name: "keychain",
    summary: "where secrets are kept, and what to do without a keychain",
    topic: true,
    load: () => import("../keychain.ts"),
  },
];
