/** What may stand where a person pressed Tab. Pure but for the values, which the caller knows. */
import type { CommandRow, OptionRow } from "./types.ts";

export interface Candidate {
  value: string;
  about?: string;
}

/** A path is wanted: the shell knows best. */
export const FILES = "files";

/** What a value is of, by the name of its option or argument: `profile`, `model`, `tool`, `shell` … */
export type ValuesOf = (kind: string) => Promise<Candidate[] | typeof FILES>;

interface Grammar {
  commands: readonly CommandRow[];
  /** Options that every command takes. */
  options: readonly OptionRow[];
}

/** Where the words before the cursor have led. */
interface Place {
  row: CommandRow | undefined;
  noun: CommandRow | undefined;
  operands: string[];
  /** An option that waits for its value. */
  open: OptionRow | undefined;
}

/** @param words those behind `aicore`; the last one is being written and may be empty. */
export async function complete(
  words: readonly string[],
  grammar: Grammar,
  valuesOf: ValuesOf,
): Promise<Candidate[] | typeof FILES> {
  const known = joined(words);
  const current = known.at(-1) ?? "";
  const place = walk(known.slice(0, -1), grammar);
  if (place.row?.passThrough) return FILES;
  if (place.open) return matching(await optionValues(place.open, valuesOf), current);
  const [, name, start] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (name !== undefined && start !== undefined) {
    const option = optionsAt(place, grammar).find(({ flags }) => namesIn(flags).includes(name));
    const values = option ? await optionValues(option, valuesOf) : [];
    return values === FILES
      ? FILES
      : matching(
          values.map((each) => inlined(name, each)),
          current,
        );
  }
  if (current.startsWith("-")) return matching(optionsAt(place, grammar).flatMap(candidatesOf), current);
  return matching(await operandsAt(place, grammar, valuesOf), current);
}

/** Bash takes `=` for a word of its own: `--shell=zsh` comes as three. */
function joined(words: readonly string[]): string[] {
  const last = words.length - 1;
  return words.flatMap((word, at) => (word !== "=" ? [word] : at === last ? [""] : []));
}

function walk(words: readonly string[], grammar: Grammar): Place {
  const place: Place = { row: undefined, noun: undefined, operands: [], open: undefined };
  for (const word of words) {
    if (place.open) place.open = undefined;
    else if (word.startsWith("-")) place.open = openOption(word, place, grammar);
    else step(place, word, grammar);
  }
  return place;
}

function step(place: Place, word: string, { commands }: Grammar): void {
  const below = place.operands.length > 0 ? [] : place.row ? (place.row.verbs ?? []) : commands;
  const row = below.find(({ name, alias }) => name === word || alias === word);
  if (!row) {
    place.operands.push(word);
    return;
  }
  place.noun = place.row;
  place.row = row;
}

function openOption(word: string, place: Place, grammar: Grammar): OptionRow | undefined {
  const option = optionsAt(place, grammar).find(({ flags }) => namesIn(flags).includes(word));
  return option && placeholderIn(option.flags) ? option : undefined;
}

/** A noun without a verb means its first one, with that one's options. */
function optionsAt({ row }: Place, { options }: Grammar): OptionRow[] {
  const verb = row?.verbs?.[0];
  return [
    ...(row?.options ?? []),
    ...(verb?.options ?? []),
    ...options,
    { flags: "--help", summary: "print this help" },
  ];
}

async function operandsAt(
  { row, noun, operands }: Place,
  { commands }: Grammar,
  valuesOf: ValuesOf,
): Promise<Candidate[] | typeof FILES> {
  if (!row) {
    const offered = commands.filter(({ hidden }) => !hidden);
    if (operands.length === 0) return offered.filter(({ topic }) => !topic).map(candidateOf);
    return operands[0] === "help" && operands.length === 1 ? offered.map(candidateOf) : [];
  }
  if (row.verbs && operands.length === 0) return row.verbs.map(candidateOf);
  const args = row.arguments ?? [];
  const [notation = ""] =
    args[operands.length] ?? args.filter(([each]) => each.includes("...")).slice(-1)[0] ?? [];
  const kind = placeholderIn(notation);
  if (kind === undefined) return [];
  // `profiles use <name>`: the noun says what is named.
  return await valuesOf(kind === "name" && noun ? noun.name.replace(/s$/, "") : kind);
}

async function optionValues(
  { flags, choices }: OptionRow,
  valuesOf: ValuesOf,
): Promise<Candidate[] | typeof FILES> {
  if (choices) return choices.map((value) => ({ value }));
  const kind = placeholderIn(flags) ?? "";
  const name = namesIn(flags).at(-1)?.replace(/^--/, "") ?? "";
  return await valuesOf(kind === "name" ? name : kind);
}

function matching(found: Candidate[] | typeof FILES, start: string): Candidate[] | typeof FILES {
  return found === FILES ? FILES : found.filter(({ value }) => value.startsWith(start));
}

function inlined(option: string, { value, ...rest }: Candidate): Candidate {
  return { value: `${option}=${value}`, ...rest };
}

function candidateOf({ name, summary }: CommandRow): Candidate {
  return { value: name, about: summary };
}

function candidatesOf({ flags, summary }: OptionRow): Candidate[] {
  return namesIn(flags).map((value) => ({ value, about: summary }));
}

/** `-o, --output <format>` → `-o`, `--output`. */
function namesIn(flags: string): string[] {
  return flags.split(/[ ,]+/).filter((part) => part.startsWith("-"));
}

/** `<format>`, `[args...]` → `format`, `args`. */
function placeholderIn(notation: string): string | undefined {
  return /[<[]([\w-]+)/.exec(notation)?.[1];
}
