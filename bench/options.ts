/** The command line of the bench. */
import { parseArgs } from "node:util";
import { BenchError } from "./errors.ts";

export interface Options {
  rounds: number;
  /** Part of the full time of each visit. */
  share: number;
  /** Scenarios; undefined for all. */
  only: readonly string[] | undefined;
  json: boolean;
  /** The file whose table is written; undefined for none. */
  markdown: string | undefined;
  /** Tells where `aicore serve` spends its time, in place of measuring. */
  profile: boolean;
}

const QUICK = { rounds: 1, share: 0.3 } as const;
const FULL = { rounds: 3, share: 1 } as const;

/** @throws BenchError for what it does not know. */
export function readOptions(args: readonly string[], scenarios: readonly string[]): Options {
  const { values } = parse(args);
  const size = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? size.rounds : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new BenchError("--rounds wants a number of 1 or more.");
  const only = values.only?.split(",").map((id) => id.trim());
  const unknown = only?.filter((id) => !scenarios.includes(id)) ?? [];
  if (unknown.length > 0)
    throw new BenchError(`--only: there is no ${unknown.join(", ")}. There are ${scenarios.join(", ")}.`);
  if (only && values.markdown) throw new BenchError("--markdown wants a whole run, without --only.");
  return {
    rounds,
    share: size.share,
    only,
    json: values.json ?? false,
    profile: values.profile ?? false,
    markdown: values.markdown ? (values.into ?? "README.md") : undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: "string" },
        only: { type: "string" },
        quick: { type: "boolean" },
        json: { type: "boolean" },
        markdown: { type: "boolean" },
        profile: { type: "boolean" },
        into: { type: "string" },
      },
    });
  } catch (error) {
    throw new BenchError((error as Error).message);
  }
}
