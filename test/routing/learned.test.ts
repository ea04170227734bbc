import { expect, test } from "vitest";
import { LearnedRepairs } from "../../src/routing/learned.ts";

const DAY = 24 * 60 * 60 * 1000;

test("repairs belong to one deployment, and last a day", () => {
  let now = 0;
  const learned = new LearnedRepairs(() => now);
  learned.add("d1", "beta:*");
  now = DAY / 2;
  learned.add("d1", "field:top_k");
  expect([...learned.of("d1")]).toEqual(["beta:*", "field:top_k"]);
  expect([...learned.of("d2")]).toEqual([]);
  now = DAY;
  expect([...learned.of("d1")]).toEqual(["field:top_k"]);
  now = 1.5 * DAY;
  expect([...learned.of("d1")]).toEqual([]);
});

test("what is learned again lasts from then on", () => {
  let now = 0;
  const learned = new LearnedRepairs(() => now);
  learned.add("d1", "beta:*");
  now = DAY - 1;
  learned.add("d1", "beta:*");
  now = DAY;
  expect([...learned.of("d1")]).toEqual(["beta:*"]);
});

test("the set that a call was sent with does not change under it", () => {
  const learned = new LearnedRepairs();
  learned.add("d1", "a");
  const sentWith = learned.of("d1");
  learned.add("d1", "b");
  expect([...sentWith]).toEqual(["a"]);
});
