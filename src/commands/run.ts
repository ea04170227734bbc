/** `aicore run -- <program>`: any program, with the variables of three dialects set. */
import { runAgent } from "../agents/run.ts";
import { UsageError } from "../errors.ts";
import { launch } from "./launch.ts";
import type { Context } from "./types.ts";

export async function run(context: Context, args: string[]): Promise<number> {
  const [program, ...rest] = args[0] === "--" ? args.slice(1) : args;
  if (program === undefined || (args[0] !== "--" && program.startsWith("-"))) {
    throw new UsageError(
      "no_program",
      "Which program? `aicore run` starts any, and everything behind its name is its own.",
      {
        hint: "For example: aicore run -- python agent.py",
      },
    );
  }
  return await launch(runAgent(program), context, rest);
}
