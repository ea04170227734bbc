/** Responses on Azure behind SAP: what a body has to lose, and what comes back (protocol 4b.4, 7.6). */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isObject, type Json, type JsonObject } from "../../src/hub/json.ts";
import { sealFor } from "../../src/sandbox/azure/sealed.ts";
import { azureCompact } from "../../src/upstreams/azure-openai/index.ts";
import { accepted, azureResponses } from "./azure-request.ts";
import { callFor, frozen } from "./request.ts";

const FOLDER = new URL("../fixtures/azure-responses/", import.meta.url);
const fixture = (name: string): JsonObject =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
const prepared = (change: JsonObject, model = "gpt-5.5") =>
  accepted(azureResponses, { input: "Hello.", ...change }, model).body;
const named = (list: Json | undefined) =>
  Array.isArray(list) ? list.filter(isObject).map(({ name }) => name) : [];

const fn = (name: string): JsonObject => ({ type: "function", name, parameters: { type: "object" } });
const custom: JsonObject = {
  type: "custom",
  name: "patch",
  format: { type: "grammar", syntax: "lark", definition: "start: x" },
};
const space: JsonObject = {
  type: "namespace",
  name: "mcp__demo",
  tools: [fn("add"), { ...custom, name: "exec" }],
};
const user: JsonObject = { type: "message", role: "user", content: "Hello." };
const assistant: JsonObject = {
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text: "Hi." }],
};
const call = (id: string, name = "add"): JsonObject => ({
  type: "function_call",
  call_id: id,
  name,
  arguments: "{}",
});
const output = (id: string): JsonObject => ({ type: "function_call_output", call_id: id, output: "done" });
const thought = (content?: string): JsonObject => ({
  type: "reasoning",
  id: "rs_1",
  summary: [],
  ...(content !== undefined && { encrypted_content: content }),
});
const own = sealFor("d1", "Hm.");

describe("requests of real clients", () => {
  test.each(readdirSync(FOLDER))("%s is accepted", (file) => {
    const body = fixture(file.replace(".json", ""));
    const { answer } = accepted(azureResponses, body, String(body.model));
    const events = "events" in answer ? answer.events : [];
    expect(events.at(-1)?.type).toBe("response.completed");
  });

  test("a second turn of Codex begins with the bytes of the first", () => {
    const [first, second] = [1, 2].map((turn) => {
      const { tools, input } = azureResponses.prepare(
        fixture(`codex-0.169.0-turn-${turn}`),
        callFor("gpt-5.5"),
      );
      return JSON.stringify({ tools, input });
    });
    expect(second?.startsWith(first?.replace(/\]\}$/, "") ?? "-")).toBe(true);
  });

  test("what is not OpenAI's goes without a word", () => {
    const call = callFor("gpt-5.5");
    const body = azureResponses.prepare({ ...fixture("codex-0.169.0-compaction"), internal_note: 1 }, call);
    expect(Object.keys(body)).not.toContain("client_metadata");
    expect(call.notes).toEqual([]);
  });
});

describe("tools", () => {
  test.each<[string, JsonObject, string[], Json | undefined]>([
    ["functions stay", { tools: [fn("a")], tool_choice: "auto" }, ["a"], "auto"],
    [
      "namespaces are flattened",
      { tools: [fn("a"), space] },
      ["a", "mcp__demo__add", "mcp__demo__exec"],
      undefined,
    ],
    [
      "custom ones become functions",
      { tools: [custom], tool_choice: { type: "custom", name: "patch" } },
      ["patch"],
      { type: "function", name: "patch" },
    ],
    [
      "others go",
      { tools: [fn("a"), { type: "web_search" }], tool_choice: { type: "web_search" } },
      ["a"],
      "auto",
    ],
    [
      "all of them, and the choice",
      { tools: [{ type: "tool_search" }], tool_choice: "required" },
      [],
      undefined,
    ],
    [
      "a choice within a namespace",
      { tools: [space], tool_choice: { type: "function", name: "add", namespace: "mcp__demo" } },
      ["mcp__demo__add", "mcp__demo__exec"],
      { type: "function", name: "mcp__demo__add" },
    ],
    [
      "a choice of one that is gone",
      { tools: [fn("a")], tool_choice: { type: "function", name: "b" } },
      ["a"],
      "auto",
    ],
    ["each name once", { tools: [fn("a"), fn("a")] }, ["a"], undefined],
    [
      "those in an item",
      { input: [{ type: "additional_tools", tools: [space] }, user] },
      ["mcp__demo__add", "mcp__demo__exec"],
      undefined,
    ],
  ])("%s", (_name, change, names, choice) => {
    const body = prepared(change);
    expect(named(body.tools)).toEqual(names);
    expect(body.tool_choice).toEqual(choice);
  });

  test("what goes is told", () => {
    const { notes } = accepted(azureResponses, { input: "Hi", tools: [{ type: "web_search" }] }, "gpt-5.5");
    expect(notes).toEqual(["the tool web_search is left out: SAP AI Core does not run it"]);
  });

  test("the grammar of a custom tool is told in words", () => {
    expect(JSON.stringify(prepared({ tools: [custom] }).tools)).toContain("lark grammar:\\nstart: x");
  });
});

describe("input", () => {
  const late = {
    type: "message",
    role: "user",
    content: [{ type: "input_text", text: "Result of an earlier tool call:\ndone" }],
  };
  const cancelled = { ...output("a"), output: "The call was cancelled." };
  const id = (given: string, item: JsonObject): JsonObject => ({ ...item, id: given });

  test.each<[string, JsonObject[], JsonObject[]]>([
    [
      "ids that fit stay",
      [id("msg_1", user), id("fc_1", call("a")), id("fco_1", output("a"))],
      [id("msg_1", user), id("fc_1", call("a")), id("fco_1", output("a"))],
    ],
    [
      "others go",
      [id("x", user), id("call_1", call("a")), id("ctco_1", output("a"))],
      [user, call("a"), output("a")],
    ],
    [
      "calls of flattened tools",
      [user, { ...call("a"), namespace: "mcp__demo" }, output("a")],
      [user, call("a", "mcp__demo__add"), output("a")],
    ],
    [
      "custom calls",
      [
        user,
        { type: "custom_tool_call", id: "ctc_1", call_id: "a", name: "patch", input: "x" },
        { type: "custom_tool_call_output", call_id: "a", output: "done" },
      ],
      [user, { ...call("a", "patch"), arguments: '{"input":"x"}' }, output("a")],
    ],
    [
      "items that nobody takes",
      [user, { type: "local_shell_call", id: "lsh_1", action: {} }, { type: "made_up" }],
      [user],
    ],
    ["members of the client's own", [{ ...user, internal_chat_message_metadata_passthrough: {} }], [user]],
    ["a call without an answer", [user, call("a")], [user, call("a"), cancelled]],
    ["an answer without a call", [user, output("a")], [user, late]],
    ["a thought of its own", [user, thought(own), assistant, user], [user, thought(own), assistant, user]],
    [
      "a thought of another maker",
      [user, thought("aicore.gemini.xyz"), assistant, user],
      [user, assistant, user],
    ],
    [
      "a thought of Claude",
      [user, thought("claude.xyz"), call("a"), output("a")],
      [user, call("a"), output("a")],
    ],
    ["a thought that was not stored", [user, thought(), assistant, user], [user, assistant, user]],
    ["a thought that leads nowhere", [user, thought(own), user], [user, user]],
    [
      "messages without a type",
      [{ role: "developer", content: "Be kind." }, user],
      [{ role: "developer", content: "Be kind." }, user],
    ],
  ])("%s", (_name, input, expected) => {
    expect(prepared({ input, store: false }).input).toEqual(expected);
  });

  test("an answer may belong to the response before", () => {
    const body = { input: [output("a")], previous_response_id: "resp_1" };
    expect(azureResponses.prepare(frozen(body), callFor("gpt-5.5", { stream: false }))).toBe(body);
  });
});

describe("parameters", () => {
  test.each<[string, string, JsonObject, JsonObject, string[]]>([
    ["unknown ones go", "gpt-5.5", { beta: 1, conversation: "c" }, {}, ["beta", "conversation"]],
    ["no sampling", "gpt-5.5", { temperature: 0.2, top_p: 0.9 }, {}, ["temperature", "top_p"]],
    [
      "an effort that it knows",
      "gpt-5",
      { reasoning: { effort: "none", context: "all_turns" } },
      { reasoning: { effort: "minimal" } },
      [],
    ],
    ["a summary", "gpt-5", { reasoning: { summary: "auto" } }, { reasoning: { summary: "auto" } }, []],
    ["enough tokens", "gpt-5", { max_output_tokens: 1 }, { max_output_tokens: 16 }, []],
    ["not too many", "gpt-5", { max_output_tokens: 999_999 }, { max_output_tokens: 128_000 }, []],
  ])("%s", (_name, model, change, kept, gone) => {
    const body = prepared(change, model);
    expect(body).toMatchObject(kept);
    expect(gone.filter((key) => key in body)).toEqual([]);
  });

  test("models that do not reason lose all that is about it", () => {
    const body = { input: "Hi", reasoning: { effort: "low" }, include: ["reasoning.encrypted_content"] };
    expect(azureResponses.prepare(frozen(body), callFor("gpt-4.1", { stream: false }))).toEqual({
      input: "Hi",
    });
  });

  test("compact takes no limit and does not stream", () => {
    const body = { input: [user], max_output_tokens: 100, stream: true, store: false, model: "gpt-5.5" };
    expect(accepted(azureCompact, body, "gpt-5.5").body).toEqual({ input: [user], model: "gpt-5.5" });
  });
});

describe("the way back", () => {
  const asked: JsonObject = { input: "Hi", tools: [fn("a"), space, custom] };
  const item = (name: string, args = ""): JsonObject => ({
    type: "function_call",
    id: "fc_1",
    call_id: "c",
    name,
    arguments: args,
    status: "completed",
  });

  test.each<[string, JsonObject, JsonObject]>([
    ["a plain call", item("a"), item("a")],
    ["one in a namespace", item("mcp__demo__add"), { ...item("add"), namespace: "mcp__demo" }],
    [
      "a custom one",
      item("patch", '{"input":"*** Begin"}'),
      {
        type: "custom_tool_call",
        id: "ctc_1",
        call_id: "c",
        name: "patch",
        input: "*** Begin",
        status: "completed",
      },
    ],
    [
      "both",
      item("mcp__demo__exec", "not JSON"),
      {
        type: "custom_tool_call",
        id: "ctc_1",
        call_id: "c",
        name: "exec",
        namespace: "mcp__demo",
        input: "not JSON",
        status: "completed",
      },
    ],
  ])("%s", (_name, sent, restored) => {
    const back = azureResponses.translation(asked);
    expect(back?.event({ type: "response.output_item.done", item: sent })).toEqual([
      { type: "response.output_item.done", item: restored },
    ]);
    expect(back?.message({ output: [sent], tools: [fn("x")] })).toEqual({
      output: [restored],
      tools: asked.tools,
    });
    expect(back?.event({ type: "response.completed", response: { output: [sent] } })).toEqual([
      { type: "response.completed", response: { output: [restored] } },
    ]);
  });

  test("arguments of a custom call become its input, whole", () => {
    const back = azureResponses.translation(asked);
    const delta = (text: string, sequence_number: number): JsonObject => ({
      type: "response.function_call_arguments.delta",
      item_id: "fc_1",
      output_index: 0,
      delta: text,
      sequence_number,
    });
    const place = { item_id: "ctc_1", output_index: 0 };
    const added = { type: "response.output_item.added", item: item("patch"), sequence_number: 2 };
    const done = {
      type: "response.function_call_arguments.done",
      item_id: "fc_1",
      output_index: 0,
      arguments: '{"input":"x\\ny"}',
      sequence_number: 5,
    };
    const events = [added, delta('{"input":', 3), delta('"x\\ny"}', 4), done].flatMap(
      (event) => back?.event(event) ?? [],
    );
    expect(events.slice(1)).toEqual([
      { type: "response.custom_tool_call_input.delta", ...place, delta: "x\ny", sequence_number: 4 },
      { type: "response.custom_tool_call_input.done", ...place, input: "x\ny", sequence_number: 5 },
    ]);
  });

  test("nothing is turned back where nothing was changed", () => {
    expect(
      azureResponses.translation({ input: "Hi", tools: [fn("a"), { type: "web_search" }] }),
    ).toBeUndefined();
  });
});

describe("streams", () => {
  test.each([
    ["too_many_requests", "rate_limit_exceeded"],
    ["context_length_exceeded", "context_length_exceeded"],
  ])("clients are told %s as %s", (code, reason) => {
    expect(azureResponses.readStreamError({ type: "error", error: { code, message: "m" } })?.reason).toBe(
      reason,
    );
  });

  test("events lose Azure's verdicts and keep their padding", () => {
    const { answer } = accepted(azureResponses, { input: "Hello.", stream: true }, "gpt-5");
    const events = ("events" in answer ? answer.events : []).map((event) => azureResponses.cleanEvent(event));
    expect(JSON.stringify(events)).not.toContain("content_filters");
    expect(JSON.stringify(events)).toContain("obfuscation");
  });

  test.each<[JsonObject, number | undefined]>([
    [{ type: "response.failed", response: { error: { code: "rate_limit_exceeded", message: "m" } } }, 429],
    [{ type: "response.failed", response: { error: { code: "server_error", message: "m" } } }, 500],
    [{ type: "response.failed", response: { error: null } }, undefined],
    [{ type: "error", error: { type: "too_many_requests", code: "too_many_requests", message: "m" } }, 429],
    [{ type: "error", code: "context_length_exceeded", message: "m" }, 400],
    [{ type: "response.completed", response: { error: null } }, undefined],
    [{ type: "response.output_text.delta", delta: "error" }, undefined],
  ])("%j is a failure of status %s", (event, status) => {
    expect(azureResponses.readStreamError(event)?.status).toBe(status);
  });

  test("a failure without a reason waits for the error behind it", () => {
    expect(azureResponses.cleanEvent({ type: "response.failed", response: { error: null } })).toBeUndefined();
  });
});
