/** What is to be reached, and whether it was: ratios and differences of readings of the same round. */
import type { Metric, Reading, Readings, Subject } from "./readings.ts";
import { paired, type Spread, spreadOf } from "./statistics.ts";

/** At most so many times the base, or so much more than it, in the metric's unit. */
type Limit = { times: number } | { plus: number };

export interface Goal {
  title: string;
  scenario: string;
  metric: Metric;
  subject: Subject;
  /** What it is compared with. */
  base: Subject;
  limit: Limit;
  /** Whether what the upstream takes by itself is subtracted first. */
  added: boolean;
}

export interface Outcome {
  goal: Goal;
  subject: Spread;
  base: Spread;
  /** The ratio or the difference. */
  compared: Spread;
  /** Whether its median is within the limit. */
  met: boolean;
}

/** `aicore serve` beside a pipe that reads nothing. */
const PROXY: readonly (readonly [string, string, Metric, Limit, "added"?])[] = [
  ["non-stream CPU per request, 16 connections", "requests-16", "requestCpu", { times: 0.9 }],
  ["non-stream added latency p50, 1 connection", "requests-1", "answer", { times: 1.3 }, "added"],
  ["time to first event added, p50", "first-event", "first", { times: 1.4 }, "added"],
  ["CPU per event, 50 × 200 events/s, Claude native", "events-200", "eventCpu", { times: 1.2 }],
  ["event latency added p50, 50 × 200 events/s", "events-200", "event", { times: 1.2 }, "added"],
  ["CPU per event, Chat Completions → Claude", "chat-to-claude", "eventCpu", { times: 1.5 }],
  ["CPU per event, Messages → GPT", "messages-to-gpt", "eventCpu", { times: 1.5 }],
  ["CPU per event, Responses → Claude", "responses-to-claude", "eventCpu", { times: 1.5 }],
  ["540 KB body, CPU: top-level members only", "body", "requestCpu", { times: 3.5 }],
  ["540 KB body, CPU: the same, all of it new", "body-new", "requestCpu", { times: 3.5 }],
  ["540 KB body, CPU: with inner sanitising", "body-inner", "requestCpu", { times: 12 }],
  ["memory, warm", "memory", "warm", { plus: 35 }],
  ["memory per 100 streams", "memory", "per100", { times: 1.8 }],
];

/** Starts beside `node -e 0`. */
const STARTS: readonly (readonly [string, Subject, Limit])[] = [
  ["`aicore --version`", "version", { times: 1.3 }],
  ["`aicore serve` until ready", "serve", { times: 2.6 }],
  ["`aicore claude` before its child runs", "claude", { plus: 60 }],
];

export const GOALS: readonly Goal[] = [
  ...PROXY.map(
    ([title, scenario, metric, limit, added]): Goal => ({
      ...{ title, scenario, metric, limit, added: added !== undefined },
      ...{ subject: "aicore", base: "pipe" },
    }),
  ),
  ...STARTS.map(
    ([title, subject, limit]): Goal => ({
      ...{ title, subject, limit, scenario: "start", metric: "wall", base: "node", added: false },
    }),
  ),
];

/** Of every goal whose scenario was run. */
export function outcomesOf(readings: Readings): Outcome[] {
  return GOALS.flatMap((goal) => outcomeOf(goal, readings) ?? []);
}

function outcomeOf(goal: Goal, readings: Readings): Outcome | undefined {
  const { limit } = goal;
  const subjects = figuresOf(goal, goal.subject, readings);
  const bases = figuresOf(goal, goal.base, readings);
  const compare = (figure: number, base: number) => ("times" in limit ? figure / base : figure - base);
  const subject = spreadOf(subjects);
  const base = spreadOf(bases);
  const compared = spreadOf(paired(subjects, bases, compare));
  if (!subject || !base || !compared) return undefined;
  return {
    goal,
    subject,
    base,
    compared,
    met: compared.median <= ("times" in limit ? limit.times : limit.plus),
  };
}

/** One figure a round, as the goal counts it. */
export function figuresOf(goal: Goal, subject: Subject, readings: Readings): number[] {
  const { scenario, metric, added } = goal;
  const figures = metricOf(readings[scenario]?.[subject], metric);
  if (!added) return figures;
  return paired(figures, metricOf(readings[scenario]?.direct, metric), (figure, direct) => figure - direct);
}

function metricOf(rounds: readonly Reading[] | undefined, metric: Metric): number[] {
  return (rounds ?? []).flatMap((reading) => reading[metric] ?? []);
}
