/** What a user sees when the network changes between two requests: nothing (security F51, F53). */
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock } from "../aicore/fake-sap.ts";
import { ask } from "../support/questions.ts";
import { startFront } from "../support/stack.ts";
import { MESSAGE, sendJson, startUpstream } from "../support/upstream.ts";

/** Our proxy, with `count` kept-alive sockets to a model whose host can forget them. */
async function connected(count: number) {
  const sockets = new Set<Socket>();
  let forgotten = new Set<Socket>();
  let answerAll = () => {};
  const all: Promise<void> = new Promise((resolve) => {
    answerAll = resolve;
  });
  const upstream = await startUpstream(async (response, nth, request) => {
    if (forgotten.has(request.socket)) {
      request.socket.resetAndDestroy();
      return;
    }
    sockets.add(request.socket);
    if (nth === count) answerAll();
    await all;
    sendJson(response, MESSAGE);
  });
  const clock = new FakeClock();
  const front = await startFront(upstream.serviceKey, { network: { clock } });
  onTestFinished(async () => {
    await front.close();
    await upstream.close();
  });
  await front.catalog.refresh();
  const post = async () => {
    const answer = await front.post("/v1/messages", ask("Hello"));
    await answer.text();
    return [answer.status, answer.headers.get("x-aicore-attempts")];
  };
  await Promise.all(Array.from({ length: count }, post));
  expect(sockets.size).toBe(count);
  const forget = () => {
    forgotten = new Set(sockets);
  };
  return { clock, upstream, post, forget };
}

const ONCE = [200, "1"];
const TWICE = [200, "2"];

test("F53: the first request is sent twice, no other is", async () => {
  const { upstream, post, forget } = await connected(4);
  forget();
  expect(await post()).toEqual(TWICE);
  expect(await Promise.all([post(), post(), post(), post()])).toEqual([ONCE, ONCE, ONCE, ONCE]);
  expect(upstream.hits).toBe(4 + 6);
});

test("F53: all at once: each is answered", async () => {
  const { upstream, post, forget } = await connected(4);
  forget();
  const answers = await Promise.all([post(), post(), post(), post()]);
  expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200]);
  const attempts = answers.reduce((sum, [, each]) => sum + Number(each), 0);
  expect(upstream.hits).toBe(4 + attempts);
});

test("F51: after sleep the old sockets are not even tried", async () => {
  const { clock, upstream, post, forget } = await connected(4);
  forget();
  clock.wall += 2 * 3_600_000;
  expect([await post(), await post()]).toEqual([ONCE, ONCE]);
  expect(upstream.hits).toBe(4 + 2);
});
