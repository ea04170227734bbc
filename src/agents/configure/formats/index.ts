/** The formats by the name that a record gives them. */
import { writeDotenv } from "./dotenv.ts";
import type { Write } from "./format.ts";
import { writeJsonc } from "./jsonc.ts";
import { writeToml } from "./toml.ts";
import { writeYaml } from "./yaml.ts";

export const FORMATS = {
  json: writeJsonc,
  toml: writeToml,
  yaml: writeYaml,
  dotenv: writeDotenv,
} satisfies Record<string, Write>;

export type FormatName = keyof typeof FORMATS;
