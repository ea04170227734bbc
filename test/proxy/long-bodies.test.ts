import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** Long conversations that are not ASCII: however they are read, every text arrives as it was written. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

const LONG = 'Größe ÷ Summe: „0“ statt NaN 🎉, "quoted" and back\\slashed.\n'.repeat(2_000).trim();
const MODEL = "claude-sonnet-4-5";

function conversation(...messages: JsonObject[]): JsonObject {
  return { model: MODEL, max_tokens: 64, messages: [{ role: "user", content: LONG }, ...messages] };
}

/** What the model's host got. */
async function sent(body: JsonObject | string): Promise<string> {
  const answer = await stack.post("/v1/messages", body);
  expect(answer.status, await answer.text()).toBe(200);
  return stack.sandbox.requests.at(-1)?.body ?? "";
}

test("what needs no change keeps its bytes", async () => {
  const odd = String.raw`[ {"role":"user", "content":"\u00fc ü \ud83c\udf89 🎉"} , {"content":${JSON.stringify(LONG)},"role" :"user"} ]`;
  const merged = odd.replaceAll("user", "assistant").replace("assistant", "user");
  expect(await sent(`{"model":"${MODEL}","max_tokens":64,"messages":${merged}}`)).toContain(merged);
});

test.each<[string, JsonObject[], JsonObject[]]>([
  [
    "a foreign key beside a text",
    [{ role: "assistant", content: [{ type: "text", text: "Größe", foreign: 1 }] }],
    [{ role: "assistant", content: [{ type: "text", text: "Größe" }] }],
  ],
  [
    "a text that is made anew",
    [
      { role: "assistant", content: "Ja." },
      { role: "system", content: "Umgebung: „Linux“ ✓" },
    ],
    [
      { role: "assistant", content: "Ja." },
      {
        role: "user",
        content: [{ type: "text", text: "<system-reminder>\nUmgebung: „Linux“ ✓\n</system-reminder>" }],
      },
    ],
  ],
  [
    "a text of spaces that are not ASCII",
    [
      {
        role: "assistant",
        content: [
          { type: "text", text: " \u00a0\u3000" },
          { type: "text", text: "Ja." },
        ],
      },
    ],
    [{ role: "assistant", content: [{ type: "text", text: "Ja." }] }],
  ],
  [
    "a key that is not ASCII",
    [{ role: "assistant", content: "Ja.", größe: 1 }],
    [{ role: "assistant", content: "Ja." }],
  ],
])("what has to change does: %s", async (_what, messages, expected) => {
  const { messages: got } = JSON.parse(await sent(conversation(...messages))) as { messages: JsonObject[] };
  expect(got.slice(1)).toEqual(expected);
  expect(got[0]).toEqual({ role: "user", content: LONG });
});

test.each<[string, JsonObject | string, RegExp]>([
  ["a model", { ...conversation(), model: "größe" }, /model: must match/],
  ["a block", conversation({ role: "user", content: [{ type: "größe" }] }), /'größe'/],
  ["JSON", `${JSON.stringify(conversation()).slice(0, -1)},"ü":}`, /not valid JSON \(line 1, column \d+\)/],
])("what is wrong is told in its own words: %s", async (_what, body, words) => {
  const answer = await stack.post("/v1/messages", body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(JSON.stringify(await answer.json())).toMatch(words);
});

test("a model that speaks another dialect reads what its client wrote", async () => {
  const answer = await stack.post("/v1/messages", { ...conversation(), model: "gemini-2.5-flash" });
  expect(answer.status, await answer.text()).toBe(200);
  expect(stack.sandbox.requests.at(-1)?.body).toContain(JSON.stringify(LONG).slice(1, -1));
});
