/** Options that stand at more than one command. */
import type { OptionRow } from "../types.ts";

export const GLOBAL_OPTIONS: OptionRow[] = [
  { flags: "--profile <name>", summary: "use this profile instead of the current one" },
  { flags: "--json", summary: "print one JSON document; errors as JSON on stderr" },
  { flags: "-q, --quiet", summary: "no notices" },
  { flags: "-v, --verbose", summary: "say more; twice for everything" },
  { flags: "--no-color", summary: "no colors" },
  { flags: "--version", summary: "print the version" },
];

export const LIST_OUTPUT: OptionRow = {
  flags: "-o, --output <format>",
  summary: "how to print them",
  choices: ["table", "json", "yaml", "name"],
};

export const RESOURCE_GROUP: OptionRow = {
  flags: "--resource-group <name>",
  summary: "the resource group to look in (default: the profile's)",
};
