/** `aicore completion <shell>`: the script that makes Tab work; and `aicore __complete`, which that script asks. */
import { nearest } from "../config/rules.ts";
import { UsageError } from "../errors.ts";
import { COMPLETION_SCRIPTS, COMPLETION_SETUP, type CompletionShell } from "./completion-scripts.ts";
import { valuesFor } from "./completion-values.ts";
import { type Candidate, complete, FILES } from "./completion-words.ts";
import { COMMANDS, GLOBAL_OPTIONS } from "./index.ts";
import { shellOf } from "./shell.ts";
import type { Context } from "./types.ts";

const SHELLS = Object.keys(COMPLETION_SCRIPTS) as CompletionShell[];

export async function run({ out, env }: Context, [name]: string[]): Promise<undefined> {
  const shell = shellNamed(name ?? shellOf(env));
  if (out.json) out.document({ shell, script: COMPLETION_SCRIPTS[shell], setup: COMPLETION_SETUP[shell] });
  else out.result(COMPLETION_SCRIPTS[shell]);
  // Whoever sees the script did not hand it to a shell yet.
  if (process.stdout.isTTY) out.say(COMPLETION_SETUP[shell]);
  return undefined;
}

function shellNamed(name: string): CompletionShell {
  const shell = SHELLS.find((each) => each === (name === "pwsh" ? "powershell" : name));
  if (shell) return shell;
  const meant = nearest(name, SHELLS);
  throw new UsageError("unknown_shell", `There is no completion for "${name}".`, {
    hint: meant ? `Did you mean ${meant}?` : `Known: ${SHELLS.join(", ")}.`,
  });
}

/** The hidden command: a candidate a line. It is silent about everything else, errors included. */
export const answering = {
  async run(context: Context, words: string[]): Promise<undefined> {
    const [first, ...rest] = words;
    const asked = (first === "--" ? rest : words).map((word) => (word === '""' ? "" : word));
    const grammar = { commands: COMMANDS, options: GLOBAL_OPTIONS };
    const found = await complete(asked, grammar, valuesFor(context));
    context.out.stream(found === FILES ? ":files\n" : found.map(lineOf).join(""));
    return undefined;
  },
};

function lineOf({ value, about }: Candidate): string {
  return about ? `${value}\t${about}\n` : `${value}\n`;
}
