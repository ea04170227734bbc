/** What a row of the command table is made of, and what a command gets to work with. */
import type { Logger } from "../log.ts";
import type { Output } from "../terminal/output.ts";

export interface OptionRow {
  /** In commander's notation: `-o, --output <format>`. */
  flags: string;
  summary: string;
  choices?: string[];
  /** May be given several times; its value is a list. */
  repeats?: true;
  /** Attribute names of options that may not stand beside this one. */
  conflicts?: string[];
}

export interface CommandRow {
  name: string;
  alias?: string;
  /** The heading it stands under in the list of all commands. */
  group?: string;
  summary: string;
  /** Pairs of notation and summary: `["[file]", "the service key …"]`. */
  arguments?: [string, string][];
  options?: OptionRow[];
  examples?: string[];
  /** Everything behind the name belongs to another program and is not looked at. */
  passThrough?: boolean;
  /** Loads the command: nothing of it is imported before it is asked for. */
  load?: () => Promise<CommandModule>;
  /** A text to read in place of something to do: `aicore help <name>` runs it too, and no list mentions it. */
  topic?: boolean;
  /** For programs, not for people: no list mentions it. */
  hidden?: boolean;
  /** A noun has verbs instead; the first one is meant when none is given. */
  verbs?: CommandRow[];
}

/**
 * A command. Its options are what its row declares, so `run` may name their types; `never` is what lets the table
 * hold commands with different options.
 */
export interface CommandModule {
  /** @returns the exit code; nothing means 0. */
  run(context: Context, args: string[], options: never): Promise<number | undefined>;
}

/** Options that every command takes. */
export interface Globals {
  profile: string | undefined;
  json: boolean;
  quiet: boolean;
  /** How often -v was given. */
  verbose: number;
  color: boolean;
}

export interface Context {
  env: NodeJS.ProcessEnv;
  globals: Globals;
  out: Output;
  log: Logger;
  /** Of this program. */
  version: string;
}
