/** Chat Completions on Azure: what a body has to lose, and what comes back (protocol 4b.2, 7.5). */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { upstreamsFor } from "../../src/upstreams/index.ts";
import { accepted, azureChat, chatCall, chatTool, HELLO } from "./azure-request.ts";
import { callFor, frozen } from "./request.ts";

const FOLDER = new URL("../fixtures/azure-chat/", import.meta.url);
const prepared = (change: JsonObject, model = "gpt-4.1") =>
  accepted(azureChat, { messages: HELLO, ...change }, model).body;

describe("which APIs a deployment has", () => {
  test.each([
    ["gpt-5.5", ["azure-responses", "azure-chat"]],
    ["gpt-5-mini", ["azure-responses", "azure-chat"]],
    ["gpt-5.3-codex", ["azure-responses"]],
    ["gpt-6-sol", ["azure-responses", "azure-chat"]],
    ["gpt-4.1", ["azure-chat"]],
    ["gpt-4o-mini", ["azure-chat"]],
    ["gpt-35-turbo", ["azure-chat"]],
    ["o3-mini", ["azure-chat"]],
    ["gpt-realtime", []],
    ["text-embedding-3-small", []],
  ])("%s: %j", (model, names) => {
    const found = upstreamsFor({ executable: "azure-openai", model });
    expect(found.map(({ name }) => name)).toEqual(names);
  });
});

describe("requests of real clients", () => {
  test.each(readdirSync(FOLDER))("%s is accepted", (file) => {
    const body: JsonObject = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
    const { answer } = accepted(azureChat, body, String(body.model));
    expect(answer.status).toBe(200);
  });
});

describe("parameters", () => {
  const effort = { reasoning_effort: "high" };
  const tools = { tools: [chatTool("read")] };
  test.each<[string, string, JsonObject, JsonObject, string[]]>([
    ["an unknown one goes", "gpt-4.1", { beta: 1, thinking: {} }, {}, ["beta", "thinking"]],
    ["the limit is renamed", "gpt-5", { max_tokens: 9 }, { max_completion_tokens: 9 }, ["max_tokens"]],
    ["or stays", "gpt-4.1", { max_tokens: 9 }, { max_tokens: 9 }, ["max_completion_tokens"]],
    [
      "never both",
      "gpt-4.1",
      { max_tokens: 9, max_completion_tokens: 8 },
      { max_completion_tokens: 8 },
      ["max_tokens"],
    ],
    ["within the model's own", "gpt-4.1", { max_tokens: 64_000 }, { max_tokens: 32_768 }, []],
    [
      "no sampling",
      "o3-mini",
      { temperature: 0.2, top_p: 1, logit_bias: {} },
      {},
      ["temperature", "top_p", "logit_bias"],
    ],
    ["but a temperature of 1", "gpt-5.5", { temperature: 1 }, { temperature: 1 }, []],
    [
      "all of it elsewhere",
      "gpt-4.1",
      { temperature: 0.2, top_p: 0.5 },
      { temperature: 0.2, top_p: 0.5 },
      [],
    ],
    ["an effort that it knows", "gpt-5", { reasoning_effort: "xhigh" }, effort, []],
    ["an effort above none", "gpt-5.5", { reasoning_effort: "minimal" }, { reasoning_effort: "low" }, []],
    ["no effort at all", "gpt-4.1", { ...effort, verbosity: "low" }, {}, ["reasoning_effort", "verbosity"]],
    ["an effort beside tools", "gpt-5", { ...effort, ...tools }, effort, []],
    ["not from 5.4 on", "gpt-5.5", { ...effort, ...tools }, {}, ["reasoning_effort"]],
    [
      "empty tools",
      "gpt-4.1",
      { tools: [], tool_choice: "auto", parallel_tool_calls: true },
      {},
      ["tools", "tool_choice", "parallel_tool_calls"],
    ],
    ["usage asked for", "gpt-4.1", { stream: true }, { stream_options: { include_usage: true } }, []],
    [
      "only in streams",
      "gpt-4.1",
      { stream: false, stream_options: { include_usage: true } },
      {},
      ["stream_options"],
    ],
    [
      "a choice of a tool that is gone",
      "gpt-4.1",
      { ...tools, tool_choice: { type: "function", function: { name: "x" } } },
      tools,
      ["tool_choice"],
    ],
  ])("%s", (_name, model, change, kept, gone) => {
    const body = prepared(change, model);
    expect(body).toMatchObject(kept);
    expect(gone.filter((key) => key in body)).toEqual([]);
  });

  test("tools are functions, each once, with the members that Azure knows", () => {
    const cached: JsonObject = { ...chatTool("a"), cache_control: { type: "ephemeral" } };
    const { tools } = prepared({
      tools: [cached, chatTool("a"), { type: "custom", custom: { name: "b" } }, chatTool("c")],
    });
    expect(tools).toEqual([chatTool("a"), chatTool("c")]);
  });

  test("what was refused before goes", () => {
    const learned = new Set(["field:seed", "field:messages.*.name", "rename:max_completion_tokens"]);
    const messages = [{ role: "user", name: "n", content: "Hello." }];
    const { body } = accepted(azureChat, { messages, seed: 1, max_tokens: 5 }, "gpt-4.1", { learned });
    expect(body).toEqual({ messages: HELLO, max_completion_tokens: 5 });
  });
});

describe("history", () => {
  const calling = (...ids: string[]): JsonObject => ({
    role: "assistant",
    content: null,
    tool_calls: ids.map((id) => chatCall(id)),
  });
  const result = (id: string): JsonObject => ({ role: "tool", tool_call_id: id, content: "done" });
  const said = (content: Json): JsonObject => ({ role: "assistant", content });
  const system: JsonObject = { role: "system", content: "Mind the gap." };
  const cancelled = (id: string): JsonObject => ({ ...result(id), content: "The call was cancelled." });
  const late = { role: "user", content: "Result of an earlier tool call:\ndone" };
  const [hello = {}] = HELLO;

  test.each<[string, JsonObject[], JsonObject[]]>([
    [
      "in order",
      [hello, calling("a", "b"), result("b"), result("a")],
      [hello, calling("a", "b"), result("b"), result("a")],
    ],
    [
      "a text in between",
      [hello, calling("a"), said("Now."), result("a")],
      [hello, { ...calling("a"), content: "Now." }, result("a")],
    ],
    [
      "a system message in between",
      [hello, calling("a"), system, result("a")],
      [hello, calling("a"), result("a"), system],
    ],
    [
      "a call without an answer",
      [hello, calling("a", "b"), result("a"), hello],
      [hello, calling("a", "b"), result("a"), cancelled("b"), hello],
    ],
    ["an answer without a call", [hello, result("x")], [hello, late]],
    [
      "parallel calls one by one",
      [hello, calling("a"), calling("b"), result("a"), result("b")],
      [hello, calling("a"), result("a"), calling("b"), result("b")],
    ],
    [
      "an id that comes again",
      [hello, calling("a"), result("a"), calling("a"), result("a")],
      [hello, calling("a"), result("a"), calling("a"), result("a")],
    ],
    ["a cancelled last turn", [hello, calling("a")], [hello, calling("a"), cancelled("a")]],
    ["empty contents", [hello, said([]), { role: "user", content: [] }, said(null)], [hello]],
    [
      "an empty answer",
      [hello, calling("a"), { ...result("a"), content: [] }],
      [hello, calling("a"), { ...result("a"), content: "" }],
    ],
    ["empty calls", [hello, { ...said("Yes."), tool_calls: [] }], [hello, said("Yes.")]],
    [
      "members of other makers",
      [
        { ...hello, cache_control: {} },
        { ...said("Yes."), reasoning_content: "Hm." },
      ],
      [hello, said("Yes.")],
    ],
    [
      "members in parts",
      [{ role: "user", content: [{ type: "text", text: "Hi", cache_control: {} }] }],
      [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    ],
  ])("%s", (_name, messages, expected) => {
    expect(prepared({ messages }).messages).toEqual(expected);
  });

  test("a history in order keeps its identity", () => {
    const body = frozen({ messages: [hello, calling("a"), result("a")], max_tokens: 5 });
    expect(azureChat.prepare(body, callFor("gpt-4.1", { stream: false }))).toBe(body);
  });
});

describe("functions, the form before tools", () => {
  const called = { name: "read", arguments: "{}" };
  const asked: JsonObject = {
    messages: [
      ...HELLO,
      { role: "assistant", content: null, function_call: called },
      { role: "function", name: "read", content: "ok" },
    ],
    functions: [{ name: "read", parameters: { type: "object" } }],
    function_call: { name: "read" },
  };

  test("become tools, in the history too", () => {
    expect(prepared(asked)).toMatchObject({
      messages: [
        {},
        { tool_calls: [{ id: "call_1", function: called }] },
        { role: "tool", tool_call_id: "call_1" },
      ],
      tools: [{ type: "function", function: { name: "read" } }],
      tool_choice: { function: { name: "read" } },
      parallel_tool_calls: false,
    });
  });

  test("and calls come back as they were asked for", () => {
    const back = azureChat.translation(asked);
    const choice = {
      index: 0,
      message: { role: "assistant", tool_calls: [chatCall("a")] },
      finish_reason: "tool_calls",
    };
    expect(back?.message({ choices: [choice] })).toEqual({
      choices: [
        { index: 0, message: { role: "assistant", function_call: called }, finish_reason: "function_call" },
      ],
    });
    const delta = { tool_calls: [{ index: 0, function: { arguments: "{" } }] };
    expect(back?.event({ choices: [{ delta }] })).toEqual([
      { choices: [{ delta: { function_call: { arguments: "{" } } }] },
    ]);
  });
});

describe("streams", () => {
  test("the chunks are OpenAI's own, without Azure's verdicts", () => {
    const { answer } = accepted(azureChat, { messages: HELLO, stream: true }, "gpt-5");
    const events = "events" in answer ? answer.events : [];
    expect(azureChat.cleanEvent(events[0] ?? {})).toBeUndefined();
    const clean = events.slice(1).map((event) => azureChat.cleanEvent(event));
    expect(JSON.stringify(clean)).not.toContain("filter");
    expect(clean).toHaveLength(events.length - 1);
  });

  test("usage is hidden from a client that did not ask", () => {
    const usage = { choices: [], usage: { total_tokens: 3 } };
    const chunk = { choices: [{ delta: {} }], usage: null };
    const back = azureChat.translation({ stream: true });
    expect(back?.event(usage)).toEqual([]);
    expect(back?.event(chunk)).toEqual([{ choices: [{ delta: {} }] }]);
    expect(azureChat.translation({ stream: true, stream_options: { include_usage: true } })).toBeUndefined();
    expect(azureChat.translation({})).toBeUndefined();
  });

  test.each<[JsonObject, number | undefined]>([
    [{ error: { code: "429", message: "exceeded token rate limit" } }, 429],
    [{ error: { code: 503, message: "no" } }, 503],
    [{ error: { code: "content_filter", message: "no" } }, 400],
    [{ error: { code: null, type: "server_error", message: "no" } }, 500],
    [{ error: { message: "Too many requests, please wait" } }, 429],
    [{ error: "BadRequest", message: "no" }, 400],
    [{ choices: [], usage: {} }, undefined],
  ])("%j is a failure of status %s", (event, status) => {
    expect(azureChat.readStreamError(event)?.status).toBe(status);
  });
});

describe("chat that has to move to Responses", () => {
  const tools = [chatTool("read")];
  test.each([
    ["gpt-5.5", { tools, reasoning_effort: "low" }, true],
    ["gpt-5.4", { functions: tools, reasoning_effort: "low" }, true],
    ["gpt-6-sol", { tools, reasoning_effort: "high" }, true],
    ["gpt-5.5", { tools, reasoning_effort: "none" }, false],
    ["gpt-5.5", { tools }, false],
    ["gpt-5.5", { reasoning_effort: "low" }, false],
    ["gpt-5.2", { tools, reasoning_effort: "low" }, false],
  ])("%s %#", (model, body, moves) => {
    expect(azureChat.cannot?.(body, model)).toBe(moves);
  });
});
