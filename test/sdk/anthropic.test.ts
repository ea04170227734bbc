/** The official Anthropic SDK on models of every vendor; what is special to Claude is in ../proxy/sdk.test.ts. */
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KEY, type Stack, startStack } from "../support/stack.ts";
import { CALL_BOTH, CALL_CLOCK, LONG, MODELS, PERSON, PERSON_MADE, TOO_MANY, ZONE } from "./models.ts";

let stack: Stack;
let client: Anthropic;
beforeAll(async () => {
  stack = await startStack();
  client = new Anthropic({ baseURL: stack.proxy.url, apiKey: KEY, maxRetries: 0 });
});
beforeEach(() => stack.sandbox.faults.clear());
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

describe.each(MODELS)("%s", (model) => {
  const question = (content: string): Anthropic.MessageCreateParamsNonStreaming => ({
    model,
    max_tokens: 4_096,
    messages: [{ role: "user", content }],
  });

  test("create", async () => {
    const message = await client.messages.create(question("Say: hello"));
    expect(message).toMatchObject({ type: "message", role: "assistant", model, stop_reason: "end_turn" });
    expect(textOf(message)).toBe("hello");
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    expect(message._request_id).toMatch(/^req_/);
  });

  test("the stream helper adds up to what create answers", async () => {
    const pieces: string[] = [];
    const stream = client.messages.stream(question(LONG)).on("text", (piece) => pieces.push(piece));
    const streamed = await stream.finalMessage();
    const created = await client.messages.create(question(LONG));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(textOf(created));
    expect(textOf(streamed)).toBe(textOf(created));
    expect(streamed.stop_reason).toBe(created.stop_reason);
    expect(streamed.usage.output_tokens).toBe(created.usage.output_tokens);
  });

  test.each([
    ["whole", false],
    ["streamed", true],
  ])("the tool runner calls two tools and gets its answer, %s", async (_how, stream) => {
    const zones: string[] = [];
    const tools = ["clock", "weather"].map((name) =>
      betaTool({
        name,
        description: `Tells the ${name}.`,
        inputSchema: ZONE,
        run: ({ zone }) => {
          zones.push(`${name} ${zone}`);
          return name === "clock" ? "NONCE_0815" : "NONCE_4711";
        },
      }),
    );
    const params = { ...question(CALL_BOTH), tools, stream };
    const runner = client.beta.messages.toolRunner(params);
    const message = await runner.runUntilDone();
    expect(zones).toEqual(["clock sandbox", "weather sandbox"]);
    expect(textOf(message)).toContain("NONCE_0815 NONCE_4711");
    expect(message.stop_reason).toBe("end_turn");
  });

  test("thinking goes back with the result of a tool", async () => {
    const tools: Anthropic.Tool[] = [{ name: "clock", input_schema: { ...ZONE, required: ["zone"] } }];
    const thinking = { type: "enabled", budget_tokens: 2_000 } as const;
    const first = await client.messages.stream({ ...question(CALL_CLOCK), tools, thinking }).finalMessage();
    expect(first.stop_reason).toBe("tool_use");
    const call = first.content.find((block) => block.type === "tool_use");
    expect(call).toMatchObject({ name: "clock", input: { zone: "sandbox" } });
    const second = await client.messages.create({
      ...{ ...question(CALL_CLOCK), tools, thinking },
      messages: [
        { role: "user", content: CALL_CLOCK },
        { role: "assistant", content: first.content },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: call?.id ?? "", content: "NONCE_2359" }],
        },
      ],
    });
    expect(textOf(second)).toContain("NONCE_2359");
  });

  test("messages.parse gives an object of the schema", async () => {
    const format = jsonSchemaOutputFormat(PERSON);
    const parsed = await client.messages.parse({ ...question("Who?"), output_config: { format } });
    expect(parsed.parsed_output).toEqual(PERSON_MADE);
    expect(parsed.stop_reason).toBe("end_turn");
  });

  test("countTokens", async () => {
    const { messages } = question("Hello there");
    const { input_tokens } = await client.messages.countTokens({ model, messages });
    expect(input_tokens).toBeGreaterThan(0);
  });

  test("models: in the list, and alone", async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list({ limit: 2 })) ids.push(id);
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, type: "model" });
  });

  test("too many requests", async () => {
    stack.sandbox.faults.add(TOO_MANY);
    const failure = await client.messages.create(question("Hello")).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.RateLimitError);
    expect((failure as InstanceType<typeof Anthropic.RateLimitError>).headers.get("retry-after")).toBe("70");
    expect(failure).toMatchObject({ message: expect.stringContaining("Too many requests") });
  });

  test.each(["reset", "end"] as const)("a stream that breaks by %s throws", async (ending) => {
    stack.sandbox.faults.add({ afterEvents: 6, ending });
    const complete: unknown[] = [];
    const pieces: string[] = [];
    const stream = client.messages
      .stream(question(LONG))
      .on("text", (piece) => pieces.push(piece))
      .on("finalMessage", (one) => complete.push(one));
    await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIError);
    expect(pieces).not.toEqual([]);
    expect(complete).toEqual([]);
  });

  test("a wrong key", async () => {
    const wrong = client.withOptions({ apiKey: "wrong" }).messages.create(question("Hello"));
    await expect(wrong).rejects.toThrow(Anthropic.AuthenticationError);
  });
});

test("a model that is not there", async () => {
  const create = client.messages.create({
    model: "gpt-none",
    max_tokens: 9,
    messages: [{ role: "user", content: "Hi" }],
  });
  await expect(create).rejects.toThrow(Anthropic.NotFoundError);
});

function textOf({
  content,
}: {
  content: Anthropic.Beta.BetaContentBlock[] | Anthropic.ContentBlock[];
}): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}
