/** Azure's Responses in the sandbox: what it refuses, how it answers, what it keeps (protocol 4b.1, 4b.4). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/hub/json.ts";
import { sealFor } from "../../../src/sandbox/azure/sealed.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { Client, eventsIn, type Reply } from "../client.ts";

const fn = (name: string): JsonObject => ({
  type: "function",
  name,
  parameters: { type: "object", properties: { cmd: { type: "string" } }, required: ["cmd"] },
});
const user = (text: string): JsonObject => ({ type: "message", role: "user", content: text });
const call: JsonObject = { type: "function_call", call_id: "a", name: "f", arguments: "{}" };
const output: JsonObject = { type: "function_call_output", call_id: "a", output: "NONCE_2a" };
const thought = (content?: string): JsonObject => ({
  ...{ type: "reasoning", id: "rs_1", summary: [] },
  ...(content !== undefined && { encrypted_content: content }),
});

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({
    deployments: ["gpt-5.5", "gpt-5", "gpt-4.1"].map((model) => ({ id: `d-${model}`, model })),
  });
  client = await Client.of(sandbox);
});
afterAll(() => sandbox.close());

const at = (model: string, path: string) => `/inference/deployments/d-${model}/responses${path}`;
const respond = (body: JsonObject, model = "gpt-5.5", path = ""): Promise<Reply> =>
  client.call(at(model, path), { method: "POST", body: { input: "Hello.", ...body } });
const OWN = sealFor("d-gpt-5.5", "Hm.");

describe("refusals", () => {
  test.each<[string, JsonObject, string, number?, string?]>([
    ["an unknown key", { client_metadata: {} }, "Unknown parameter: 'client_metadata'."],
    ["an unknown item", { input: [{ type: "additional_tools" }] }, "Invalid value: 'additional_tools'"],
    [
      "a key of an item",
      { input: [{ ...user("Hi"), internal_x: 1 }] },
      "Unknown parameter: 'input[0].internal_x'.",
    ],
    [
      "an id that does not fit",
      { input: [{ ...user("Hi"), id: "x_1" }] },
      "Expected an ID that begins with 'msg'",
    ],
    ["a call without an output", { input: [user("Hi"), call] }, "No tool output found for function call a."],
    ["an output without a call", { input: [output] }, "No tool call found for function call output"],
    ["a thought of others", { input: [user("Hi"), thought("x.y"), call, output] }, "could not be verified"],
    [
      "a thought of another deployment",
      { input: [user("Hi"), thought(sealFor("d-gpt-5", "Hm.")), call, output] },
      "could not be verified",
    ],
    [
      "a thought that was not stored",
      { store: false, input: [user("Hi"), thought(), call, output] },
      "not found. Items are not persisted",
      404,
    ],
    ["a thought at the end", { input: [user("Hi"), thought(OWN)] }, "without its required following item"],
    [
      "a choice of nothing",
      { tools: [fn("f")], tool_choice: { type: "function", name: "g" } },
      "'g' not found",
    ],
    [
      "a namespaced choice",
      { tools: [fn("f")], tool_choice: { type: "function", name: "f", namespace: "n" } },
      "Unknown parameter",
    ],
    ["a tool twice", { tools: [fn("f"), fn("f")] }, "Duplicate tool name"],
    ["too few tokens", { max_output_tokens: 1 }, "Expected a value >= 16"],
    ["a temperature", { temperature: 0.2 }, "Only the default (1) value is supported"],
    ["an unknown effort", { reasoning: { effort: "minimal" } }, "does not support 'minimal'"],
    [
      "an unknown member of reasoning",
      { reasoning: { context: "all_turns" } },
      "Unknown parameter: 'reasoning.context'.",
    ],
    [
      "an unknown response before",
      { previous_response_id: "resp_x" },
      "Previous response with id 'resp_x' not found.",
    ],
    ["a model without Responses", {}, "does not work", 400, "gpt-4.1"],
  ])("%s", async (_name, body, message, status = 400, model = "gpt-5.5") => {
    const reply = await respond(body, model);
    expect(reply.json).toMatchObject({ error: { message: expect.stringContaining(message) } });
    expect(reply.status).toBe(status);
  });

  test.each([
    [[{ type: "custom", name: "p" }], "The following tool is not allowed for model 'gpt-5.5': custom."],
    [
      [{ type: "web_search" }, { type: "custom" }, { type: "tool_search" }, fn("f")],
      "The following tools are not allowed for model 'gpt-5.5': custom, tool_search and web_search.",
    ],
  ])("tools that are no functions, in SAP's own shape", async (tools, message) => {
    expect((await respond({ tools })).json).toEqual({ error: "BadRequest", message });
  });

  test("compact refuses a limit", async () => {
    const { json } = await respond({ max_output_tokens: 100 }, "gpt-5.5", "/compact");
    expect(json).toMatchObject({ error: { message: "Unknown parameter: 'max_output_tokens'." } });
  });
});

describe("streams", () => {
  test("bare data lines, rising numbers, no [DONE]", async () => {
    const { text, headers } = await respond(
      { stream: true, include: ["reasoning.encrypted_content"] },
      "gpt-5",
    );
    const events = eventsIn(text);
    expect(headers["content-type"]).toBe("text/event-stream");
    expect(text).not.toMatch(/^event:|\[DONE\]/m);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      ...[
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.output_item.done",
      ],
      ...["response.content_part.added", "response.output_text.delta", "response.output_text.done"],
      ...["response.content_part.done", "response.completed"],
    ]);
    expect(events.at(-1)).toMatchObject({
      response: {
        model: "gpt-5-2025-08-07-dz-std",
        content_filters: [{}],
        output: [
          { type: "reasoning", summary: [], encrypted_content: expect.any(String) },
          { type: "message" },
        ],
      },
    });
    expect(events.find(({ type }) => type === "response.output_text.delta")?.obfuscation).toBeDefined();
  });

  test("a tool turn, and its thought back", async () => {
    const body = {
      tools: [fn("exec_command")],
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "low" },
    };
    const asked = user("Run the command `echo hello`.");
    const first = await respond({ ...body, input: [asked] });
    const items = first.json.output as JsonObject[];
    expect(items.map(({ type }) => type)).toEqual(["reasoning", "message", "function_call"]);
    const answered = { type: "function_call_output", call_id: items[2]?.call_id ?? "", output: "NONCE_3c" };
    const bare = items.map((item) => (item.type === "message" ? { ...item, content: "I run it." } : item));
    const second = await respond({ ...body, input: [asked, ...bare, answered] });
    expect(second.text).toContain("NONCE_3c");
    expect(second.json.usage).toMatchObject({
      output_tokens_details: { reasoning_tokens: expect.any(Number) },
    });
  });

  test("a limit ends it incomplete", async () => {
    const { text } = await respond({
      stream: true,
      max_output_tokens: 16,
      reasoning: { effort: "none" },
      input: `say ${"long ".repeat(60)}`,
    });
    expect(eventsIn(text).at(-1)).toMatchObject({
      type: "response.incomplete",
      response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    });
  });
});

describe("stored responses", () => {
  test("are gone on from, read, and deleted; only where they were made", async () => {
    const tools = [fn("exec_command")];
    const { json: first } = await respond({ input: "Run the command `echo hello`.", tools });
    const id = String(first.id);
    const [called] = (first.output as JsonObject[]).filter(({ type }) => type === "function_call");
    const answered = { type: "function_call_output", call_id: called?.call_id ?? "", output: "NONCE_4d" };
    const { json: second } = await respond({ input: [answered], previous_response_id: id, tools });
    expect(JSON.stringify(second.output)).toContain("NONCE_4d");

    expect((await client.call(at("gpt-5.5", `/${id}`))).json).toEqual(first);
    expect((await client.call(at("gpt-5", `/${id}`))).status).toBe(404);
    const cancelled = await client.call(at("gpt-5.5", `/${id}/cancel`), { method: "POST", body: {} });
    expect(cancelled.json).toMatchObject({ error: { message: "Cannot cancel a synchronous response." } });
    const { json: deleted } = await client.call(at("gpt-5.5", `/${id}`), { method: "DELETE" });
    expect(deleted).toEqual({ id, object: "response.deleted", deleted: true });
    expect((await client.call(at("gpt-5.5", `/${id}`))).status).toBe(404);
  });

  test("store: false keeps nothing", async () => {
    const { json } = await respond({ store: false });
    expect((await client.call(at("gpt-5.5", `/${json.id}`))).status).toBe(404);
  });

  test("compact makes one item that is taken back", async () => {
    const { json } = await respond({ input: [user("Hi")] }, "gpt-5.5", "/compact");
    expect(json.object).toBe("response.compaction");
    const { status } = await respond({ input: [...(json.output as JsonObject[]), user("Go on.")] });
    expect(status).toBe(200);
  });

  test.each([
    ["GET", ""],
    ["POST", "/x/y"],
    ["DELETE", "/x/y"],
  ] as const)("%s %s is no path", async (method, path) => {
    const reply = await client.call(at("gpt-5.5", path), { method, ...(method === "POST" && { body: {} }) });
    expect(reply.text).toBe("Subpath not allowed");
  });
});
