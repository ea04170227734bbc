/**
 * The command line. Only commander and the command table are imported here: `--help` and `--version` load nothing
 * else, and every command loads itself.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, type Help, Option } from "commander";
import { COMMANDS, GLOBAL_OPTIONS, LAST_GROUP } from "./commands/index.ts";
import type { CommandRow, Globals, OptionRow } from "./commands/types.ts";

const GLOBAL_GROUP = "Global options:";
/** Columns of the help: what stands before a term and behind it, and the fewest for a summary beside it. */
const [INDENT, GAP, NARROWEST] = [2, 2, 16];
/** Global options that take no value: the word behind them may be the command. */
const FLAGS = new Set(
  GLOBAL_OPTIONS.filter(({ flags }) => !flags.includes("<")).flatMap(({ flags }) => flags.split(", ")),
);

/** Runs the command that `argv` (as in `process.argv`) asks for and sets the exit code of the process. */
export async function main(argv: string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", leaveOnClosedPipe);
  // Unheard, SIGUSR1 opens Node's inspector: a debugger in a process that holds tokens (security T9).
  process.on("SIGUSR1", () => {});
  const program = buildProgram(COMMANDS, argv);
  const fail = async (error: unknown) => {
    process.exitCode = await tell(error, globalsOf(family(program))).catch(() => tellPlainly(error));
  };
  process.once("uncaughtException", (error) => {
    fail(error).finally(() => process.exit());
  });
  await program.parseAsync(argv).catch(fail);
}

/**
 * @param words the command line. A command that is not among them cannot be meant, and is there for the list only; where
 * the first of them is one, nobody asks for the list: to build them all takes 7 ms, to list them 2 (Node 20, 2026-11).
 * @internal exported for the test that parses every example.
 */
export function buildProgram(rows: readonly CommandRow[] = COMMANDS, words?: readonly string[]): Command {
  const program = new Command("aicore")
    .description(
      "Use the models of your SAP AI Core tenant in every AI tool: log in once, then `aicore claude`.",
    )
    .commandsGroup(`${LAST_GROUP}:`)
    .helpCommand("help [command]", "print the help of a command")
    .enablePositionalOptions();
  const first = words?.slice(2).find((word) => !FLAGS.has(word));
  const meant = rows.filter((row) => isNamed(row, first));
  for (const row of meant.length > 0 ? meant : rows) {
    const command = list(program, row);
    if (isAmong(words, row)) build(command, row);
  }
  prepare(program);
  return program;
}

function isAmong(words: readonly string[] | undefined, row: CommandRow): boolean {
  return words === undefined || words.some((word) => isNamed(row, word));
}

function isNamed({ name, alias }: CommandRow, word: string | undefined): boolean {
  return word !== undefined && (word === name || word === alias);
}

/** As far as the list of commands shows it. */
function list(parent: Command, row: CommandRow): Command {
  const command = parent.createCommand(row.name).description(row.summary);
  parent.addCommand(command, { hidden: row.topic === true || row.hidden === true });
  if (row.alias) command.alias(row.alias);
  if (row.group) command.helpGroup(`${row.group}:`);
  for (const [notation, summary] of row.arguments ?? []) command.argument(notation, summary);
  return command;
}

function build(command: Command, row: CommandRow): void {
  for (const option of row.options ?? []) command.addOption(optionFrom(option));
  if (row.examples)
    command.addHelpText("after", `\nExamples:\n${row.examples.map((line) => `  ${line}`).join("\n")}`);
  for (const verb of row.verbs ?? []) build(list(command, verb), verb);
  const [first] = row.verbs ?? [];
  // An option behind a verb is the verb's: `deployments create x --version 1` does not ask for ours.
  if (first) meanFirstVerb(command.enablePositionalOptions(), first.name);
  prepare(command);
  if (row.passThrough) command.parseOptions = (args) => ({ operands: args, unknown: [] });
  if (row.load) command.action(() => run(row, command));
  if (row.topic) runOnHelp(command);
}

/** `aicore help <topic>` asks for the help first and then, with `--help`, for the command: only that one answers. */
function runOnHelp(topic: Command): void {
  topic.help = (() => {}) as Command["help"];
  topic.helpOption(false).allowUnknownOption().allowExcessArguments();
}

/**
 * What every command has: the global options, as far as it has none of its own by that name, an error that is thrown
 * and not printed, help on stdout.
 */
function prepare(command: Command): void {
  const own = new Set(command.options.map(({ long }) => long));
  for (const option of GLOBAL_OPTIONS.map(optionFrom).filter(({ long }) => !own.has(long))) {
    command.addOption(option.helpGroup(GLOBAL_GROUP));
  }
  command.addHelpOption(new Option("-h, --help", "print this help").helpGroup(GLOBAL_GROUP));
  command
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: (text) => process.stdout.write(text) })
    .configureHelp({ minWidthToWrap: NARROWEST, subcommandTerm, formatItem });
  command.on("option:verbose", () =>
    command.setOptionValue("verbosity", (command.opts().verbosity ?? 0) + 1),
  );
  if (own.has("--version")) return;
  command.on("option:version", () => {
    process.stdout.write(`${version()}\n`);
    throw new CommanderError(0, "commander.version", "");
  });
}

/** A command in the list of another: its other name and its options are told by its own help. */
function subcommandTerm(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...words].join(" ");
}

/** Term and summary side by side; on a narrow terminal the summary stands below. */
function formatItem(this: Help, term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  const beside = width - INDENT - termWidth - GAP;
  const column = beside < NARROWEST ? 2 * INDENT : INDENT + termWidth + GAP;
  const text = helper.boxWrap(description, width - column).replaceAll("\n", `\n${" ".repeat(column)}`);
  const head = " ".repeat(INDENT) + term;
  if (description === "") return head;
  return beside < NARROWEST ? `${head}\n${" ".repeat(column)}${text}` : head.padEnd(column) + text;
}

function optionFrom(row: OptionRow): Option {
  const option = new Option(row.flags, row.summary);
  if (row.choices) option.choices(row.choices);
  if (row.repeats) option.argParser((text, before: string[] = []) => [...before, text]);
  if (row.conflicts) option.conflicts(row.conflicts);
  return option;
}

/** `aicore models --json` is `aicore models list --json`; a verb that is misspelt still gets its suggestion. */
function meanFirstVerb(noun: Command, verb: string): void {
  const parse = noun.parseOptions.bind(noun);
  noun.parseOptions = (args) => {
    const { operands, unknown } = parse(args);
    const asksForHelp = unknown.includes("--help") || unknown.includes("-h");
    return { operands: operands.length > 0 || asksForHelp ? operands : [verb], unknown };
  };
}

async function run(row: CommandRow, command: Command): Promise<void> {
  if (!row.load) return;
  const { createContext } = await import("./commands/context.ts");
  const context = await createContext(process.env, globalsOf(ancestry(command)), version());
  const module = await row.load();
  const code = await module.run(context, command.args, command.opts() as never);
  process.exitCode = code ?? 0;
  if (process.stderr.isTTY) (await import("./commands/update-notice.ts")).noticeUpdate(context);
}

/** Global options may stand at any level; the innermost word wins, -v adds up. */
function globalsOf(commands: Command[]): Globals {
  const levels = commands.map((command) => command.opts());
  return {
    profile: levels.findLast((options) => options.profile !== undefined)?.profile,
    json: levels.some((options) => options.json),
    quiet: levels.some((options) => options.quiet),
    verbose: levels.reduce((sum, options) => sum + (options.verbosity ?? 0), 0),
    color: levels.every((options) => options.color),
  };
}

function ancestry(command: Command): Command[] {
  return command.parent ? [...ancestry(command.parent), command] : [command];
}

function family(command: Command): Command[] {
  return [command, ...command.commands.flatMap(family)];
}

/** The error boundary: prints what went wrong and returns the exit code. */
async function tell(error: unknown, globals: Globals): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof CommanderError && error.code === "commander.help") return 0;
  const { asAicoreError } = await import("./errors.ts");
  const { describeFailure, usageErrorFrom } = await import("./terminal/failure.ts");
  const { columnsOf } = await import("./terminal/wrap.ts");
  const failure = error instanceof CommanderError ? usageErrorFrom(error.message) : asAicoreError(error);
  const style = { json: globals.json, verbose: globals.verbose > 0, width: columnsOf(process.stderr) };
  process.stderr.write(describeFailure(failure, style));
  return failure.exitCode;
}

/** When not even the modules that tell of errors can be loaded: out of file handles, or half installed. */
function tellPlainly(error: unknown): number {
  process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

/** The reader of our output has gone (`aicore models | head -1`): that is no error. */
function leaveOnClosedPipe(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? 0 : 1);
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
