/** The table of the README: made here, and put between two marks, so that nobody writes figures by hand. */
import { BenchError } from "./errors.ts";
import { type Outcome, outcomesOf } from "./goals.ts";
import { conditionsText } from "./machine.ts";
import type { Subject } from "./readings.ts";
import type { Run } from "./report.ts";
import { comparedText, figureText, limitText, markdownTable, spreadText } from "./tables.ts";

export const BEGIN = "<!-- bench:begin -->";
export const END = "<!-- bench:end -->";

const PEERS: readonly Subject[] = ["aicore", "pipe", "nginx", "fetch"];

export function markdownOf(run: Run): string {
  const outcomes = outcomesOf(run.readings);
  const loaded = outcomes.filter(({ goal }) => goal.base === "pipe");
  const started = outcomes.filter(({ goal }) => goal.base === "node");
  return [
    `Measured by \`npm run bench\`: ${conditionsText(run.conditions)}. Medians, with the least and the greatest.`,
    markdownTable(
      ["", ...PEERS.map((subject) => `\`${run.titles[subject]}\``), "aicore : pipe", "to reach", "met"],
      loaded.map((outcome) => [
        outcome.goal.title,
        ...PEERS.map((subject) => figureText(outcome.goal, subject, run.readings)),
        ...judgement(outcome),
      ]),
    ),
    markdownTable(
      ["", "`aicore`", "`node -e 0`", "aicore : node", "to reach", "met"],
      started.map((outcome) => [
        outcome.goal.title,
        spreadText(outcome.subject, outcome.goal.metric),
        spreadText(outcome.base, outcome.goal.metric),
        ...judgement(outcome),
      ]),
    ),
    ...run.missing,
  ]
    .map((part) => part.trimEnd())
    .join("\n\n");
}

/**
 * The document with everything between the marks replaced.
 * @throws BenchError for a document without them.
 */
export function withTable(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin === -1 || end === -1) {
    throw new BenchError(`There is no place for the table: put ${BEGIN} and ${END} on lines of their own.`);
  }
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${document.slice(end)}`;
}

function judgement(outcome: Outcome): string[] {
  return [comparedText(outcome), limitText(outcome.goal), outcome.met ? "yes" : "**no**"];
}
