/** The admin API of a real `aicore serve`: off until an admin key is made, and then a team's console. */
import { expect, test } from "vitest";
import { loggedInWorld } from "../commands/world.ts";
import { eventsOf } from "../support/event-reader.ts";
import { ask } from "../support/questions.ts";
import { serve } from "./serving.ts";

const POLL = { timeout: 20_000, interval: 100 };

test("a key for an admin opens it, without a restart; what it makes and takes back counts at once", async () => {
  const world = await loggedInWorld();
  const proxy = await serve(world);
  expect((await proxy.get("/admin/keys")).status).toBe(403);

  const { key: admin } = JSON.parse((await world.run("--json keys create --admin --name ops")).stdout);
  // Not at once again: a hundred wrong keys a minute, and every further one is told to wait.
  const until = (status: number, path: string, key: string) =>
    expect.poll(async () => (await proxy.get(path, key)).status, POLL).toBe(status);
  await until(200, "/admin/keys", admin);
  const made = await proxy.post("/admin/keys", { name: "ci", limits: { models: ["claude-*"] } }, admin);
  expect(made.status).toBe(201);
  const { key, id } = (await made.json()) as { key: string; id: string };
  await until(200, "/v1/models", key);

  const events = eventsOf(await proxy.get("/admin/events", admin));
  expect((await proxy.post("/v1/messages", ask("Hello"), key)).status).toBe(200);
  let event = await events.next();
  while (event && event.event !== "request") event = await events.next();
  expect(event?.data).toMatchObject({ key: "ci", outcome: "completed" });
  await events.leave();

  const usage = async () => (await proxy.get("/admin/usage?group_by=key&since=1h", admin)).json();
  let figures = (await usage()) as { rows: unknown[] };
  while (figures.rows.length === 0) figures = (await usage()) as { rows: unknown[] };
  expect(figures.rows).toEqual([expect.objectContaining({ group: { key: "ci" }, requests: 1 })]);
  const shown = JSON.parse((await world.run("--json keys list")).stdout) as { keys: unknown };
  expect(await (await proxy.get("/admin/keys", admin)).json()).toEqual(shown);

  const revoked = await fetch(`${proxy.url}/admin/keys/${id}`, {
    method: "DELETE",
    headers: { "x-api-key": admin },
  });
  expect(revoked.status).toBe(200);
  await until(401, "/v1/models", key);
  expect(await (await proxy.get("/metrics", admin)).text()).toContain('aicore_key_requests_total{key="ci"');
  proxy.child.kill("SIGTERM");
  expect(await proxy.child.result).toMatchObject({ code: 0 });
}, 60_000);
