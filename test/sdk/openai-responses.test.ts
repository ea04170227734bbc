/** The official OpenAI SDK on Responses, on models of every vendor. */
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KEY, type Stack, startStack } from "../support/stack.ts";
import { CALL_BOTH, CALL_CLOCK, LONG, MODELS, PERSON, PERSON_MADE, TOO_MANY, ZONE } from "./models.ts";

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Send = (params: Params) => Promise<OpenAI.Responses.Response>;

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

const TOOLS = ["clock", "weather"].map(
  (name): OpenAI.Responses.FunctionTool => ({
    type: "function",
    name,
    description: `Tells the ${name}.`,
    parameters: { ...ZONE, additionalProperties: false },
    strict: true,
  }),
);

describe.each(MODELS)("%s", (model) => {
  test("create", async () => {
    const response = await client.responses.create({ model, instructions: "Be short.", input: "Say: hello" });
    expect(response).toMatchObject({ object: "response", model, status: "completed", error: null });
    expect(response.output_text).toBe("hello");
    expect(response.usage?.input_tokens).toBeGreaterThan(0);
    expect(response.usage?.output_tokens).toBeGreaterThan(0);
  });

  test("create with stream: true tells the whole ladder, counted", async () => {
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await client.responses.create({ model, input: LONG, stream: true })) {
      events.push(event);
    }
    const types = events.map(({ type }) => type).filter((type) => !type.startsWith("response.reasoning"));
    expect(types.slice(0, 2)).toEqual(["response.created", "response.in_progress"]);
    expect(types).toEqual(
      expect.arrayContaining([
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
      ]),
    );
    expect(types.at(-1)).toBe("response.completed");
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  });

  test("the stream helper adds up to what create answers", async () => {
    const pieces: string[] = [];
    const stream = client.responses
      .stream({ model, input: LONG })
      .on("response.output_text.delta", ({ delta }) => pieces.push(delta));
    const streamed = await stream.finalResponse();
    const created = await client.responses.create({ model, input: LONG });
    expect(pieces.join("")).toBe(created.output_text);
    expect(streamed.output_text).toBe(created.output_text);
    expect(streamed).toMatchObject({ status: "completed", model });
    expect(streamed.output.at(-1)).toMatchObject({ type: "message", status: "completed" });
  });

  test("parse gives an object of the schema", async () => {
    const response = await client.responses.parse({
      model,
      input: "Who?",
      text: { format: { type: "json_schema", name: "person", strict: true, schema: PERSON } },
    });
    expect(response.output_parsed).toEqual(PERSON_MADE);
    expect(response.status).toBe("completed");
  });

  const whole: Send = (params) => client.responses.create(params);
  const streamed: Send = (params) => client.responses.stream({ ...params, stream: true }).finalResponse();

  test.each<[string, Send]>([
    ["whole", whole],
    ["streamed", streamed],
  ])("two functions at once, and what was said goes back whole, %s", async (_how, send) => {
    const params: Params = {
      ...{ model, tools: TOOLS, store: false, include: ["reasoning.encrypted_content"] },
      ...(model === "gpt-4.1" ? {} : { reasoning: { effort: "low", summary: "auto" } }),
    };
    const asked = { role: "user" as const, content: CALL_BOTH };
    const first = await send({ ...params, input: [asked] });
    const calls = first.output.filter((item) => item.type === "function_call");
    expect(calls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([
      ["clock", { zone: "sandbox" }],
      ["weather", { zone: "sandbox" }],
    ]);
    const reasoning = first.output.filter((item) => item.type === "reasoning");
    expect(reasoning.map((item) => typeof item.encrypted_content)).toEqual(
      model === "gpt-4.1" ? [] : ["string"],
    );
    const results = calls.map(({ call_id }, index) => ({
      type: "function_call_output" as const,
      call_id,
      output: `NONCE_${index}`,
    }));
    const replayed = first.output as OpenAI.Responses.ResponseInputItem[];
    const second = await send({ ...params, input: [asked, ...replayed, ...results] });
    expect(second.output_text).toContain("NONCE_0 NONCE_1");
  });

  test.each<[string, Send]>([
    ["whole", whole],
    ["streamed", streamed],
  ])("a custom tool is called as one, and its result goes back, %s", async (_how, send) => {
    const tools: OpenAI.Responses.Tool[] = [{ type: "custom", name: "clock", description: "Any text." }];
    const asked = { role: "user" as const, content: CALL_CLOCK };
    const first = await send({ model, tools, store: false, input: [asked] });
    const call = first.output.find((item) => item.type === "custom_tool_call");
    expect(call).toMatchObject({ name: "clock", input: expect.any(String) });
    expect(call?.input).not.toBe("");
    const result = {
      type: "custom_tool_call_output" as const,
      call_id: call?.call_id ?? "",
      output: "NONCE_77",
    };
    const replayed = first.output as OpenAI.Responses.ResponseInputItem[];
    const second = await send({ model, tools, store: false, input: [asked, ...replayed, result] });
    expect(second.output_text).toContain("NONCE_77");
  });

  test("too many requests", async () => {
    stack.sandbox.faults.add(TOO_MANY);
    const failure = await client.responses.create({ model, input: "Hi" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect((failure as InstanceType<typeof OpenAI.RateLimitError>).headers.get("retry-after")).toBe("70");
    expect(failure).toMatchObject({ message: expect.stringContaining("Too many requests") });
  });

  test.each(["reset", "end"] as const)("a stream that breaks by %s throws", async (ending) => {
    stack.sandbox.faults.add({ afterEvents: 6, ending });
    const types: string[] = [];
    const reading = async () => {
      const stream = await client.responses.create({ model, input: LONG, stream: true });
      for await (const { type } of stream) types.push(type);
    };
    await expect(reading()).rejects.toThrow(OpenAI.APIError);
    expect(types).toContain("response.output_text.delta");
    expect(types).not.toContain("response.completed");
  });

  test.each(["reset", "end"] as const)("the helper throws when a stream breaks by %s", async (ending) => {
    stack.sandbox.faults.add({ afterEvents: 6, ending });
    await expect(client.responses.stream({ model, input: LONG }).finalResponse()).rejects.toThrow(
      OpenAI.APIError,
    );
  });

  test("a wrong key", async () => {
    const wrong = client.withOptions({ apiKey: "wrong" }).responses.create({ model, input: "Hi" });
    await expect(wrong).rejects.toThrow(OpenAI.AuthenticationError);
  });
});

test("a model that is not there", async () => {
  const create = client.responses.create({ model: "gpt-none", input: "Hi" });
  await expect(create).rejects.toThrow(OpenAI.NotFoundError);
});

describe("stored responses", () => {
  test.each(["gpt-5.5"])("of %s go on, are there, and go", async (model) => {
    const first = await client.responses.create({ model, input: "Say: hello" });
    const next = await client.responses.create({ model, input: "Say: more", previous_response_id: first.id });
    expect(next).toMatchObject({ output_text: "more", previous_response_id: first.id });
    expect(await client.responses.retrieve(first.id)).toMatchObject({
      id: first.id,
      output_text: "hello",
      model,
    });
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  test.each(["anthropic--claude-4.6-sonnet", "gpt-4.1", "gemini-2.5-pro"])(
    "are not kept by %s, which says so",
    async (model) => {
      const { id } = await client.responses.create({ model, input: "Say: hello" });
      const next = client.responses.create({ model, input: "Say: more", previous_response_id: id });
      await expect(next).rejects.toThrow(OpenAI.BadRequestError);
      await expect(client.responses.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
    },
  );

  test("take the results of their functions and of their custom tools", async () => {
    const model = "gpt-5.5";
    const tools: OpenAI.Responses.Tool[] = [...TOOLS.slice(1), { type: "custom", name: "clock" }];
    const first = await client.responses.create({ model, tools, input: CALL_BOTH });
    const input = first.output.flatMap((item): OpenAI.Responses.ResponseInputItem[] => {
      if (item.type === "function_call")
        return [{ type: "function_call_output", call_id: item.call_id, output: "NONCE_4711" }];
      if (item.type !== "custom_tool_call") return [];
      return [{ type: "custom_tool_call_output", call_id: item.call_id, output: "NONCE_0815" }];
    });
    expect(input).toHaveLength(2);
    const next = await client.responses.create({ model, tools, input, previous_response_id: first.id });
    expect(next.output_text).toContain("NONCE_0815 NONCE_4711");
  });

  test("of a stream are there too", async () => {
    const stream = client.responses.stream({ model: "gpt-5.5", input: "Say: hello" });
    const { id } = await stream.finalResponse();
    expect(await client.responses.retrieve(id)).toMatchObject({ id, output_text: "hello" });
  });

  test("are compacted into one item, from which the talk goes on", async () => {
    const input = [{ role: "user" as const, content: "Say: hello" }];
    const compacted = await client.responses.compact({ model: "gpt-5.5", input });
    expect(compacted).toMatchObject({ object: "response.compaction", output: [{ type: "compaction" }] });
    const kept = compacted.output as OpenAI.Responses.ResponseInputItem[];
    const next = await client.responses.create({
      model: "gpt-5.5",
      store: false,
      input: [...kept, { role: "user", content: "Say: on" }],
    });
    expect(next.output_text).toBe("on");
  });

  test("an unknown id", async () => {
    const previous_response_id = "resp_none";
    const next = client.responses.create({ model: "gpt-5.5", input: "Hi", previous_response_id });
    await expect(next).rejects.toThrow(OpenAI.NotFoundError);
    await expect(client.responses.retrieve("resp_none")).rejects.toThrow(OpenAI.NotFoundError);
    await expect(client.responses.delete("resp_none")).rejects.toThrow(OpenAI.NotFoundError);
  });
});
