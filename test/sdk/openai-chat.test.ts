/** The official OpenAI SDK on Chat Completions, on models of every vendor. */
import OpenAI from "openai";
import type { RunnableToolFunctionWithParse } from "openai/lib/RunnableFunction";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KEY, type Stack, startStack } from "../support/stack.ts";
import { CALL_BOTH, LONG, MODELS, PERSON, PERSON_MADE, TOO_MANY, ZONE } from "./models.ts";

let stack: Stack;
let client: OpenAI;
beforeAll(async () => {
  stack = await startStack();
  client = new OpenAI({ baseURL: `${stack.proxy.url}/v1`, apiKey: KEY, maxRetries: 0 });
});
beforeEach(() => stack.sandbox.faults.clear());
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

describe.each(MODELS)("%s", (model) => {
  const question = (content: string) => ({
    model,
    messages: [
      { role: "system" as const, content: "Be short." },
      { role: "user" as const, content },
    ],
  });

  test("create", async () => {
    const completion = await client.chat.completions.create(question("Say: hello"));
    expect(completion).toMatchObject({
      object: "chat.completion",
      model,
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "hello" } }],
    });
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = completion.usage ?? {};
    expect(prompt_tokens).toBeGreaterThan(0);
    expect(completion_tokens).toBeGreaterThan(0);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  test.each([
    ["asked for", { stream_options: { include_usage: true } }, 1],
    ["not asked for", {}, 0],
  ])("stream, with usage %s", async (_how, options, usages) => {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const stream = await client.chat.completions.create({ ...question(LONG), stream: true, ...options });
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
    expect(LONG).toBe(`Say: ${text}`);
    expect(chunks.filter(({ usage }) => usage)).toHaveLength(usages);
    expect(chunks.filter(({ choices }) => choices.length === 0)).toHaveLength(usages);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
  });

  test("the stream helper adds up to what create answers", async () => {
    const streamed = await client.chat.completions.stream(question(LONG)).finalChatCompletion();
    const created = await client.chat.completions.create(question(LONG));
    expect(streamed.choices[0]?.message.content).toBe(created.choices[0]?.message.content);
    expect(streamed.choices[0]?.finish_reason).toBe("stop");
  });

  test.each([
    ["whole", false],
    ["streamed", true],
  ])("runTools calls two tools and gets its answer, %s", async (_how, stream) => {
    const zones: string[] = [];
    const tools = ["clock", "weather"].map(
      (name): RunnableToolFunctionWithParse<{ zone: string }> => ({
        type: "function",
        function: {
          name,
          description: `Tells the ${name}.`,
          parameters: { ...ZONE, required: [...ZONE.required] },
          parse: (text: string) => JSON.parse(text) as { zone: string },
          function: ({ zone }: { zone: string }) => {
            zones.push(`${name} ${zone}`);
            return name === "clock" ? "NONCE_0815" : "NONCE_4711";
          },
        },
      }),
    );
    const { messages } = question(CALL_BOTH);
    const runner = stream
      ? client.chat.completions.runTools({ model, messages, tools, stream })
      : client.chat.completions.runTools({ model, messages, tools });
    expect(await runner.finalContent()).toContain("NONCE_0815 NONCE_4711");
    expect(zones).toEqual(["clock sandbox", "weather sandbox"]);
  });

  test("parse gives an object of the schema", async () => {
    const completion = await client.chat.completions.parse({
      ...question("Who?"),
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema: PERSON } },
    });
    expect(completion.choices[0]?.message.parsed).toEqual(PERSON_MADE);
    expect(completion.choices[0]?.finish_reason).toBe("stop");
  });

  test("models: in the list, and alone", async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: "model" });
  });

  test("too many requests", async () => {
    stack.sandbox.faults.add(TOO_MANY);
    const failure = await client.chat.completions.create(question("Hello")).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect((failure as InstanceType<typeof OpenAI.RateLimitError>).headers.get("retry-after")).toBe("70");
    expect(failure).toMatchObject({ message: expect.stringContaining("Too many requests") });
  });

  test.each(["reset", "end"] as const)("a stream that breaks by %s throws", async (ending) => {
    stack.sandbox.faults.add({ afterEvents: 6, ending });
    const reasons: string[] = [];
    let text = "";
    const reading = async () => {
      const stream = await client.chat.completions.create({ ...question(LONG), stream: true });
      for await (const { choices } of stream) {
        text += choices[0]?.delta.content ?? "";
        reasons.push(choices[0]?.finish_reason ?? "");
      }
    };
    await expect(reading()).rejects.toThrow(OpenAI.APIError);
    expect(text).not.toBe("");
    expect(reasons.join("")).toBe("");
  });

  test("a wrong key", async () => {
    const wrong = client.withOptions({ apiKey: "wrong" }).chat.completions.create(question("Hello"));
    await expect(wrong).rejects.toThrow(OpenAI.AuthenticationError);
  });
});

test("the SDK waits as it is told, and asks again", async () => {
  stack.sandbox.requests.length = 0;
  stack.sandbox.faults.add({ ...TOO_MANY, headers: { "retry-after": "0" } });
  const { choices } = await client
    .withOptions({ maxRetries: 1 })
    .chat.completions.create({ model: "gpt-4.1", messages: [{ role: "user", content: "Say: hello" }] });
  expect(choices[0]?.message.content).toBe("hello");
  expect(stack.sandbox.requests.filter(({ kind }) => kind === "inference")).toHaveLength(2);
});

test("a model that is not there", async () => {
  const create = client.chat.completions.create({
    model: "gpt-none",
    messages: [{ role: "user", content: "Hi" }],
  });
  await expect(create).rejects.toThrow(OpenAI.NotFoundError);
  await expect(client.models.retrieve("gpt-none")).rejects.toThrow(OpenAI.NotFoundError);
});
