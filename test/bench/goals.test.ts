import { expect, test } from "vitest";
import { GOALS, outcomesOf } from "../../bench/goals.ts";
import { MEMORY } from "../../bench/measure-memory.ts";
import { START } from "../../bench/measure-start.ts";
import type { Readings } from "../../bench/readings.ts";
import { scenariosFor } from "../../bench/scenarios.ts";

const READINGS: Readings = {
  "requests-1": {
    direct: [{ answer: 10 }, { answer: 20 }, { answer: 10 }],
    pipe: [{ answer: 110 }, { answer: 120 }, { answer: 110 }],
    aicore: [{ answer: 130 }, { answer: 150 }, { answer: 150 }],
  },
  memory: { pipe: [{ warm: 50, per100: 5 }], aicore: [{ warm: 84, per100: 10 }] },
};

test("what the upstream takes is subtracted, rounds are compared with themselves, the median decides", () => {
  const [latency] = outcomesOf(READINGS);
  expect(latency?.goal.title).toBe("non-stream added latency p50, 1 connection");
  expect(latency?.subject).toEqual({ min: 120, median: 130, max: 140 });
  expect(latency?.compared).toEqual({ min: 1.2, median: 1.3, max: 1.4 });
  expect(latency?.met).toBe(true);
});

test("a goal is a ratio or a difference; scenarios that were not run have no outcome", () => {
  const outcomes = outcomesOf(READINGS).map(({ goal, compared, met }) => [goal.metric, compared.median, met]);
  expect(outcomes).toEqual([
    ["answer", 1.3, true],
    ["warm", 34, true],
    ["per100", 2, false],
  ]);
});

test("every goal has a scenario that measures its subjects", () => {
  const load = scenariosFor(1);
  const ids: string[] = [...load, MEMORY, START].map(({ id }) => id);
  expect(GOALS.filter(({ scenario }) => !ids.includes(scenario))).toEqual([]);
  const unmeasured = GOALS.filter(({ scenario, subject, base, added }) => {
    const targets = load.find(({ id }) => id === scenario)?.targets;
    return (
      targets && [subject, base, ...(added ? ["direct" as const] : [])].some((one) => !targets.includes(one))
    );
  });
  expect(unmeasured).toEqual([]);
});
