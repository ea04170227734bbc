/** A run as a person reads it in a terminal. */
import { GOALS, type Outcome, outcomesOf } from "./goals.ts";
import { type Conditions, conditionsText } from "./machine.ts";
import { METRICS, type Metric, type Reading, type Readings, type Subject } from "./readings.ts";
import { spreadOf } from "./statistics.ts";
import { comparedText, limitText, plainTable, spreadText } from "./tables.ts";

/** A scenario as it is shown. */
export interface Shown {
  id: string;
  title: string;
  shows: readonly Metric[];
}

export interface Run {
  conditions: Conditions;
  scenarios: readonly Shown[];
  titles: Readonly<Record<Subject, string>>;
  readings: Readings;
  /** What could not be measured, and why. */
  missing: readonly string[];
}

export function reportOf(run: Run): string {
  const parts = [
    conditionsText(run.conditions),
    "Medians, with the least and the greatest of the rounds.",
    ...run.missing,
    ...run.scenarios.map((scenario) => scenarioText(scenario, run)),
    goalsText(outcomesOf(run.readings)),
  ];
  return `${parts.filter(Boolean).join("\n\n").trimEnd()}\n`;
}

function scenarioText({ id, title, shows }: Shown, { readings, titles }: Run): string {
  const subjects = Object.entries(readings[id] ?? {}) as [Subject, Reading[]][];
  if (subjects.length === 0) return "";
  const order = Object.keys(titles);
  const rows = subjects
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([subject, rounds]) => [
      titles[subject],
      ...shows.map((metric) =>
        spreadText(spreadOf(rounds.flatMap((each) => each[metric] ?? [])), metric, false),
      ),
    ]);
  return `${title}\n${plainTable(["", ...shows.map(heading)], rows)}`.trimEnd();
}

function heading(metric: Metric): string {
  const { title, unit } = METRICS[metric];
  return unit === "" ? title : `${title}, ${unit}`;
}

function goalsText(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return "";
  const rows = outcomes.map((outcome) => [
    outcome.goal.title.replaceAll("`", ""),
    spreadText(outcome.subject, outcome.goal.metric),
    spreadText(outcome.base, outcome.goal.metric),
    comparedText(outcome),
    limitText(outcome.goal),
    outcome.met ? "yes" : "NO",
  ]);
  const header = ["", "aicore", "compared with", "that is", "to reach", "met"];
  const met = outcomes.filter(({ met }) => met).length;
  return `To reach (${met} of ${outcomes.length} met, of ${GOALS.length})\n${plainTable(header, rows)}`;
}
