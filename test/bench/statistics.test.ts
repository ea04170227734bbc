import { expect, test } from "vitest";
import { paired, spreadOf } from "../../bench/statistics.ts";

test.each([
  [[], undefined],
  [[Number.NaN], undefined],
  [[7], { min: 7, median: 7, max: 7 }],
  [[10, 9, 100], { min: 9, median: 10, max: 100 }],
  [[4, 1, 2, 3], { min: 1, median: 2.5, max: 4 }],
])("the spread of %j is %j", (figures, spread) => {
  expect(spreadOf(figures)).toEqual(spread);
});

test("series are compared round by round, where both have the round", () => {
  const share = (left: number, right: number) => left / right;
  expect(paired([6, undefined, 9, 8], [3, 5, 3], share)).toEqual([2, 3]);
});
