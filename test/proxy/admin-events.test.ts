/** What happens, as it happens. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { noUsage } from "../../src/hub/messages.ts";
import { Events } from "../../src/proxy/events.ts";
import { openExchange } from "../../src/proxy/exchange.ts";
import type { Stats } from "../../src/proxy/stats.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";
import { rowOf } from "../../src/usage/request-row.ts";
import { eventsOf } from "../support/event-reader.ts";
import { ask } from "../support/questions.ts";
import { head } from "../support/raw.ts";
import { startTeam, type Team, UNITS } from "../support/team.ts";

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.close());

async function follow(of: Team = team) {
  const answer = await of.manage("GET", "/admin/events");
  const events = eventsOf(answer);
  onTestFinished(() => events.leave().catch(() => {}));
  return { answer, ...events };
}

test("the state comes at once and again, requests as they end", async () => {
  const { answer, next } = await follow();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const first = await next();
  expect(first?.event).toBe("stats");
  const stats = (await (await team.get("/stats")).json()) as object;
  expect(Object.keys(first?.data as object)).toEqual(Object.keys(stats));
  expect((await team.post("/v1/messages", ask("Hello", { stream: true }))).status).toBe(200);
  for (let event = await next(); event; event = await next()) {
    if (event.event !== "request") continue;
    expect(event.data).toMatchObject({
      key: "local",
      requested: "claude-sonnet-4-5",
      model: "anthropic--claude-4.5-sonnet",
      outcome: "completed",
      streamed: true,
      capacity_units: UNITS,
    });
    await team.stored(1);
    const { requests } = (await (await team.manage("GET", "/admin/requests")).json()) as {
      requests: unknown[];
    };
    expect(requests).toEqual([event.data]);
    break;
  }
  const again = await next();
  expect(again?.event).toBe("stats");
});

test("HEAD is answered without a body, and a reader that left is forgotten", async () => {
  const { status } = await team.manage("HEAD", "/admin/events");
  expect(status).toBe(200);
});

test("fifty may watch, one more is told to come later", async () => {
  const crowd = await startTeam();
  onTestFinished(() => crowd.close());
  const readers = await Promise.all(Array.from({ length: 50 }, () => follow(crowd)));
  expect(readers.map(({ answer }) => answer.status)).toEqual(Array(50).fill(200));
  await Promise.all(readers.map(({ next }) => next()));
  const late = await crowd.manage("GET", "/admin/events");
  expect(late.status).toBe(503);
  expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await late.json()).toMatchObject({ error: { type: "overloaded_error" } });
  expect((await crowd.post("/v1/messages", ask("Hello"))).status).toBe(200);
});

test("a key that is revoked sees no more, and who watches does not hold up a stop", async () => {
  const other = await startTeam();
  const deputy = await other.newKey({ name: "deputy", role: "admin" });
  const revoked = eventsOf(await other.get("/admin/events", { "x-api-key": deputy }));
  const boss = await follow(other);
  await Promise.all([revoked.next(), boss.next()]);
  expect((await other.manage("DELETE", "/admin/keys/deputy")).status).toBe(200);
  while (await revoked.next());
  expect((await boss.next())?.event).toBe("stats");
  const closed = other.proxy.close({ drain: 600_000 });
  while (await boss.next());
  await closed;
  await other.close();
});

test("a reader that does not read is given up, and nobody else", async () => {
  const row = { ...rowOf(RECORD, undefined), session: "x".repeat(100_000) };
  const events = new Events(() => ({}) as Stats);
  const server = createServer((request, response) => void events.open(openExchange(request, response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  onTestFinished(() => {
    events.close();
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  socket.on("error", () => {});
  socket.write(head(port, "GET / HTTP/1.1"));
  await once(socket, "readable");
  const diligent = eventsOf(await fetch(`http://127.0.0.1:${port}/`));
  await diligent.next();
  while (events.readers > 1) {
    events.finished(() => row);
    await diligent.next();
  }
  socket.resume();
  await closed;
  events.finished(() => row);
  expect((await diligent.next())?.event).toBe("request");
  await diligent.leave();
});

const RECORD: RequestRecord = {
  id: "req_1",
  at: 0,
  dialect: "anthropic",
  requested: "opus",
  model: undefined,
  deployment: undefined,
  profile: undefined,
  stream: false,
  outcome: "completed",
  status: 200,
  attempts: 1,
  usage: noUsage(),
  usageSource: "reported",
  firstByte: 1,
  took: 2,
  key: { id: "local", name: "local" },
  tool: undefined,
  session: undefined,
  traceparent: undefined,
};
