import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Exchange } from "../../src/proxy/exchange.ts";
import { Exchanges } from "../../src/proxy/exchanges.ts";

const MEGABYTE = 1024 * 1024;
const AT_A_TIME = 16;
const PAYLOAD = 2_000;

/** As much of an exchange as is looked at, and what a request weighs. */
function openOne(exchanges: Exchanges): () => void {
  const overs: (() => void)[] = [];
  const exchange = { head: {}, payload: new Array(PAYLOAD).fill(0), whenOver: overs.push.bind(overs) };
  exchanges.enter(exchange as unknown as Exchange, false);
  return () => {
    for (const over of overs) over();
  };
}

function oldSpace(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space");
  return space?.space_used_size ?? Number.NaN;
}

test("exchanges that are over are no burden to V8: none lives on for the sake of the next", () => {
  setFlagsFromString("--expose-gc");
  const collectAll = runInNewContext("gc") as () => void;
  const exchanges = new Exchanges();
  const open: (() => void)[] = [];
  const serve = (requests: number) => {
    for (let request = 0; request < requests; request++) {
      open.push(openOne(exchanges));
      if (open.length > AT_A_TIME) open.shift()?.();
    }
  };
  serve(100);
  collectAll();
  const before = oldSpace();
  serve(4_000);
  expect(oldSpace() - before).toBeLessThan(8 * MEGABYTE);
});
