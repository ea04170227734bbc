/** When it is too much: a thousand requests at once (security F57), a model that fails and fails (F58). */
import { type ClientRequest, request } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { ask } from "../support/questions.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";
import { askIn, WIRES, wordFor, wordsIn } from "./dialects.ts";

async function start(): Promise<Stack> {
  const stack = await startStack();
  onTestFinished(() => stack.close());
  await stack.catalog.refresh();
  return stack;
}

/** Anthropic's word for "too busy" is 529; OpenAI and Google know none of it. */
const BUSY = { anthropic: 529, "openai-chat": 503, "openai-responses": 503, gemini: 503 };

const modelCalls = ({ sandbox }: Stack) => sandbox.requests.filter(({ kind }) => kind === "inference");

function hold({ proxy }: Stack): ClientRequest {
  const sent = request(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": KEY },
  });
  sent.on("error", () => {});
  sent.end(JSON.stringify(ask("Hello")));
  return sent;
}

test("F57 the 1,001st request in flight is refused as overload, and the places come free again", async () => {
  const stack = await start();
  stack.sandbox.faults.add({ silence: true, times: 1_000 });
  const waiting = Array.from({ length: 1_000 }, () => hold(stack));
  const held = () => modelCalls(stack).filter(({ body }) => body !== "");
  await stack.sandbox.waitFor(() => held().length === 1_000);
  for (const wire of WIRES) {
    const seen = await askIn(wire, stack, { model: "claude-sonnet-4-5", stream: wire !== "anthropic" });
    expect(seen.status, wire).toBe(BUSY[wire]);
    expect(seen.headers.get("retry-after")).toBe("1");
    expect(seen.headers.get("x-aicore-error-origin")).toBe("aicore");
    expect(seen.error && wordsIn(seen.error)).toContain(wordFor(wire, 529, false));
    expect(seen.error?.message).toMatch(/Too many requests in flight/);
  }
  for (const sent of waiting) sent.destroy();
  await stack.sandbox.waitFor(() => held().every(({ aborted }) => aborted));
  expect((await stack.post("/v1/messages", ask("One more"))).status).toBe(200);
});

describe.each(WIRES)("%s", (wire) => {
  test("F58 after five failures in a row the model is left alone, and its clients are told for how long", async () => {
    const stack = await start();
    stack.sandbox.faults.add({ status: 503, body: "away", times: 99 });
    const send = (model = "claude-sonnet-4-5", stream = false) => askIn(wire, stack, { model, stream });
    await send();
    await send();
    expect(modelCalls(stack)).toHaveLength(5);
    for (const stream of [false, true]) {
      const seen = await send("claude-sonnet-4-5", stream);
      expect(seen.status).toBe(BUSY[wire]);
      expect(Number(seen.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(Number(seen.headers.get("retry-after"))).toBeLessThanOrEqual(15);
      expect(seen.headers.get("x-aicore-error-origin")).toBe("aicore");
      expect(seen.error && wordsIn(seen.error)).toContain(wordFor(wire, 529, false));
      expect(seen.error?.message).toMatch(/failed five times in a row\. The next try is in \d+ s\./);
    }
    expect(modelCalls(stack)).toHaveLength(5);
    stack.sandbox.faults.clear();
    expect((await send("claude-haiku-4-5")).status).toBe(200);
  });
});
