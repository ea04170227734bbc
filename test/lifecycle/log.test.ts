/** What `serve` writes where no person looks: lines of JSON, one for each request, nothing that was said in it. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { temporaryFolder } from "../cli/run.ts";
import { loggedInWorld, type World } from "../commands/world.ts";
import { ask } from "../support/questions.ts";

/** The entries on stderr, one at a time. */
function entriesOf(child: ReturnType<World["start"]>): () => Promise<JsonObject> {
  if (!child.stderr) throw new Error("no stderr");
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
  return async () => JSON.parse((await lines.next()).value) as JsonObject;
}

test("JSON lines, and with --log-content what was said in a file of its own", async () => {
  const world = await loggedInWorld();
  const file = join(temporaryFolder(), "said.jsonl");
  const child = world.start(`serve --port 0 --no-auth --log-content ${file}`);
  const next = entriesOf(child);
  const [content, door, listening] = [await next(), await next(), await next()].sort(byMessage);
  expect([content, door]).toMatchObject([
    {
      level: "warn",
      message: `--log-content: every prompt and every answer is written to ${file}, readable by you alone.`,
    },
    { level: "warn", message: expect.stringMatching(/^--no-auth: every program/) },
  ]);
  const [, url = ""] = /listens on (\S+) /.exec(String(listening?.message)) ?? [];
  const answer = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ask("Say: canary-2b")),
  });
  const text = await answer.text();
  const entry = await next();
  expect(entry).toMatchObject({
    time: expect.stringMatching(/Z$/),
    level: "info",
    message: "completed",
    request: answer.headers.get("x-request-id"),
    status: 200,
  });
  expect(JSON.stringify(entry)).not.toContain("canary");
  child.kill("SIGTERM");
  expect(await child.result).toMatchObject({ code: 0 });
  const [said = "", ...rest] = readFileSync(file, "utf8").trim().split("\n");
  expect(rest).toEqual([]);
  expect(JSON.parse(said)).toMatchObject({ request: entry.request, status: 200, answered: text });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

function byMessage(one: JsonObject, other: JsonObject): number {
  return String(one.message).localeCompare(String(other.message));
}
