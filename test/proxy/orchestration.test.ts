/** A tenant with nothing but an orchestration deployment: every model through it, for clients of every kind. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { checkStream } from "../support/grammar.ts";
import { PIXEL } from "../support/questions.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

const CANARY = "the canary prompt that nobody may repeat";
const MODELS = [
  "anthropic--claude-4.5-sonnet",
  "anthropic--claude-4.8-opus",
  "gpt-4o",
  "gpt-5.5",
  "gemini-2.5-pro",
  "mistralai--mistral-medium",
];
const clock = {
  name: "clock",
  description: "Tells the time.",
  input_schema: { type: "object" as const, properties: { zone: { type: "string" } } },
};
const weather = { ...clock, name: "weather" };

let stack: Stack;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  stack = await startStack({ resourceGroup: "harmonised" });
  openai = new OpenAI({ baseURL: `${stack.proxy.url}/v1`, apiKey: KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: stack.proxy.url, apiKey: KEY, maxRetries: 0 });
});
beforeEach(() => stack.sandbox.faults.clear());
afterEach(() => expect(stack.logged.join("\n")).not.toContain(CANARY));
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

test("the models of the tenant's catalogue are there", async () => {
  const { data } = (await (await stack.get("/v1/models")).json()) as { data: { id: string }[] };
  const ids = data.map(({ id }) => id);
  for (const model of MODELS) expect(ids).toContain(model);
  expect(ids).not.toContain("gpt-5.3-codex");
});

describe.each(MODELS)("Messages on %s", (model) => {
  const ask = (content: string, more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
    model,
    max_tokens: 8_000,
    system: "Be brief about {{?things}}.",
    messages: [{ role: "user" as const, content }],
    ...more,
  });

  test("text, whole and streamed", async () => {
    const message = await anthropic.messages.create(ask("Say: hello {{?you}}"));
    expect(message).toMatchObject({
      model,
      stop_reason: "end_turn",
      content: [{ type: "text", text: "hello {{?you}}" }],
    });
    const answer = await stack.post("/v1/messages", ask("Say: hello", { stream: true } as object));
    const text = await answer.text();
    const { message: streamed, complete } = checkStream(text);
    expect(complete).toBe(true);
    expect(streamed).toMatchObject({ content: [{ type: "text", text: "hello" }], stop_reason: "end_turn" });
    expect((streamed.usage as JsonObject).output_tokens).toBeGreaterThan(0);
    expect(text).not.toMatch(/Be brief|intermediate_results/);
  });

  test.each([false, true])("two tools at once and their results (stream %s)", async (stream) => {
    const question = ask("Call the tools clock and weather in parallel", { tools: [clock, weather] });
    const create = (params: Anthropic.MessageCreateParamsNonStreaming) =>
      stream ? anthropic.messages.stream(params).finalMessage() : anthropic.messages.create(params);
    const first = await create(question);
    expect(first.stop_reason).toBe("tool_use");
    const calls = first.content.filter((block) => block.type === "tool_use");
    expect(calls.map(({ name }) => name)).toEqual(["clock", "weather"]);
    const results = calls.map(({ id, name }) => ({
      type: "tool_result" as const,
      tool_use_id: id,
      content: name === "clock" ? "NONCE_0815" : "NONCE_4711",
    }));
    const messages = [
      ...question.messages,
      { role: "assistant" as const, content: first.content },
      { role: "user" as const, content: results },
    ];
    const second = await create({ ...question, messages });
    expect(second.content).toMatchObject([
      { type: "text", text: expect.stringMatching(/NONCE_0815 NONCE_4711/) },
    ]);
  });
});

describe.each(["anthropic--claude-4.5-sonnet", "anthropic--claude-4.8-opus"])(
  "Claude's own on %s",
  (model) => {
    test("thinks, and gets its signed thoughts back", async () => {
      const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Call the tools clock" }];
      const params = {
        model,
        max_tokens: 8_000,
        tools: [clock],
        ...(model.includes("4.5")
          ? { thinking: { type: "enabled" as const, budget_tokens: 5_000 } }
          : { thinking: { type: "adaptive" as const }, output_config: { effort: "medium" as const } }),
      };
      const first = await anthropic.messages.stream({ ...params, messages }).finalMessage();
      expect(first.content.map(({ type }) => type)).toEqual(["thinking", "tool_use"]);
      const [, call] = first.content;
      const tool_use_id = call?.type === "tool_use" ? call.id : "";
      messages.push({ role: "assistant", content: first.content });
      messages.push({ role: "user", content: [{ type: "tool_result", tool_use_id, content: "NONCE_42" }] });
      await anthropic.messages.create({ ...params, messages });
      const { body } = stack.sandbox.requests.at(-1) ?? {};
      expect(JSON.stringify(body)).toContain("reasoning_content");
    });

    test("the prompt cache is told in each dialect's terms", async () => {
      const system = "The rules. ".repeat(50);
      const ask = (text: string) => ({
        model,
        max_tokens: 100,
        system,
        messages: [{ role: "user" as const, content: text }],
      });
      const first = ask(`Say: one for ${model}`);
      await anthropic.messages.create(first);
      const { usage } = await anthropic.messages.create(first);
      expect(usage.cache_read_input_tokens).toBeGreaterThan(100);
      const chat = await openai.chat.completions.create({
        model,
        max_tokens: 100,
        messages: [{ role: "system", content: system }, ...first.messages],
      });
      const { prompt_tokens = 0, prompt_tokens_details } = chat.usage ?? {};
      expect(prompt_tokens).toBe((usage.cache_read_input_tokens ?? 0) + usage.input_tokens);
      expect(prompt_tokens_details?.cached_tokens).toBe(usage.cache_read_input_tokens);
    });
  },
);

describe.each([...MODELS, "sonar-pro"])("Chat on %s", (model) => {
  const image = { type: "image_url" as const, image_url: { url: `data:image/png;base64,${PIXEL}` } };

  test("text: whole, and streamed with usage", async () => {
    const messages = [
      { role: "developer" as const, content: "Be brief." },
      { role: "user" as const, content: "Say: hello" },
    ];
    const whole = await openai.chat.completions.create({ model, messages });
    expect(whole).toMatchObject({
      model,
      choices: [{ message: { content: "hello" }, finish_reason: "stop" }],
    });
    expect(Object.keys(whole)).not.toContain("intermediate_results");
    const stream = await openai.chat.completions.create({
      ...{ model, messages, stream: true },
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("hello");
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
    const { prompt_tokens, total_tokens } = whole.usage ?? {};
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens, total_tokens } });
  });

  test.runIf(model !== "sonar-pro")("structured output and images", async () => {
    const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
    const response_format = { type: "json_schema" as const, json_schema: { name: "a", schema } };
    const messages = [{ role: "user" as const, content: "Who?" }];
    const whole = await openai.chat.completions.create({ model, messages, response_format });
    expect(Object.keys(JSON.parse(whole.choices[0]?.message.content ?? ""))).toEqual(["answer"]);
    const streamed = await openai.chat.completions
      .stream({ model, messages, response_format })
      .finalChatCompletion();
    expect(streamed.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: whole.choices[0]?.message ?? {},
    });
    const seen = await openai.chat.completions.create({
      model,
      messages: [{ role: "user", content: [{ type: "text", text: "Look." }, image] }],
    });
    expect(seen.choices[0]?.message.content).toMatch(/^I see/);
  });
});

describe("failures do not repeat the prompt", () => {
  const ask = (stream: boolean) => ({
    model: "gpt-4o",
    max_tokens: 50,
    stream,
    messages: [{ role: "user", content: CANARY }],
  });
  const leak = { intermediate_results: { templating: [{ role: "user", content: CANARY }] } };
  const error = {
    request_id: "r",
    code: 500,
    message: "Internal Server Error",
    location: "LLM Module",
    ...leak,
  };

  test.each(["/v1/messages", "/v1/chat/completions"])("as an answer, on %s", async (path) => {
    stack.sandbox.faults.add({ status: 500, times: 2, body: { error } });
    const answer = await stack.post(path, ask(false));
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain(CANARY);
  });

  test.each(["/v1/messages", "/v1/chat/completions"])("in a stream, on %s", async (path) => {
    stack.sandbox.faults.add({ afterEvents: 2, ending: { error } });
    const text = await (await stack.post(path, ask(true))).text();
    expect(text).toContain("Internal Server Error");
    expect(text).not.toContain("templating");
    expect(text).not.toMatch(/\[DONE\]|message_stop/);
    const errors = text.split("\n\n").filter((frame) => /"error":/.test(frame));
    expect(errors.join("")).not.toContain(CANARY);
  });
});

test("what a model refuses by name is left out, once learned, and only for that model", async () => {
  const ask = { model: "gpt-4o", messages: [{ role: "user", content: "Say: hello" }], seed: 1 };
  const message = "400 - LLM Module: openai does not support parameters: ['seed'], for model=gpt-4o";
  stack.sandbox.faults.add({ status: 400, body: { error: { code: 400, message, location: "LLM Module" } } });
  const answer = await stack.post("/v1/chat/completions", ask);
  expect([answer.status, answer.headers.get("x-aicore-attempts")]).toEqual([200, "2"]);
  expect(JSON.stringify(stack.sandbox.requests.at(-1)?.body)).not.toContain("seed");
  await stack.post("/v1/chat/completions", { ...ask, model: "mistralai--mistral-medium" });
  expect(JSON.stringify(stack.sandbox.requests.at(-1)?.body)).toContain("seed");
});

test("a catalogue that cannot be read costs only what it offers", async () => {
  const refused = {
    path: "/lm/scenarios/foundation-models/models",
    status: 403,
    body: "RBAC: access denied",
  };
  const deployments = [{ model: "gpt-4.1" }, {}];
  const own = await startStack({ sandbox: { deployments } });
  const models = () => own.catalog.models().map(({ id }) => id);
  try {
    await own.catalog.refresh();
    const all = models();
    expect(all).toContain("gpt-4o");
    own.sandbox.faults.add(refused);
    await own.catalog.refresh();
    expect(models()).toEqual(all);
  } finally {
    await own.close();
  }
  const fresh = await startStack({ sandbox: { deployments } });
  try {
    fresh.sandbox.faults.add({ ...refused, times: 9 });
    await fresh.catalog.refresh();
    expect(fresh.catalog.models().map(({ id }) => id)).toEqual(["gpt-4.1"]);
    expect(fresh.logged.join("")).toContain("the models of the orchestration service could not be listed");
  } finally {
    await fresh.close();
  }
});
