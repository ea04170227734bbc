import { expect, test } from "vitest";
import { ROOT } from "../../bench/places.ts";
import { selfTimesIn } from "../../bench/profile.ts";

const node = (id: number, functionName: string, url = "") => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

test("self time is shared out among what was not idle, between two times", () => {
  const profile = {
    nodes: [
      node(1, "(idle)"),
      node(2, "scan", `file://${ROOT}/dist/stream/scanner.js`),
      node(3, "", "file:///somewhere/node_modules/undici/lib/core/request.js"),
    ],
    startTime: 1_000,
    samples: [2, 2, 1, 3, 2, 3],
    timeDeltas: [100, 100, 100, 100, 200, 1_000],
  };
  expect(selfTimesIn(profile, 1_150, 2_000)).toEqual([
    { where: "scan dist/stream/scanner.js:10", share: 0.75 },
    { where: "(anonymous) undici/lib/core/request.js:10", share: 0.25 },
  ]);
});
