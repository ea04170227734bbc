/** Mistral, Llama, Granite and Perplexity: what a chat request has to lose for each (protocol 4d). */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { upstreamsFor } from "../../src/upstreams/index.ts";
import { shortId } from "../../src/upstreams/openai-compatible/mistral.ts";
import { accepted, chatCall, chatTool, HELLO, hostOf } from "./azure-request.ts";
import { callFor } from "./request.ts";

const MISTRAL = "mistralai--mistral-medium";
const LLAMA = "meta--llama3.1-70b-instruct";
const mistral = (change: JsonObject) =>
  accepted(hostOf("aicore-mistralai"), { messages: HELLO, ...change }, MISTRAL).body;
const sonar = (change: JsonObject) =>
  accepted(hostOf("perplexity-ai"), { messages: HELLO, ...change }, "sonar-pro").body;

const [hello = {}] = HELLO;
const system: JsonObject = { role: "system", content: "Mind the gap." };
const calling = (id: string): JsonObject => ({ role: "assistant", content: "", tool_calls: [chatCall(id)] });
const result = (id: string): JsonObject => ({ role: "tool", tool_call_id: id, content: "done" });

test.each([
  ["aicore-mistralai", MISTRAL, "aicore-mistralai"],
  ["aicore-opensource", LLAMA, "aicore-opensource"],
  ["aicore-ibm", "ibm--granite-13b-chat", "aicore-ibm"],
  ["perplexity-ai", "sonar-pro", "perplexity-ai"],
  ["aicore-cohere", "cohere--command-a-reasoning", undefined],
  ["aicore-mistralai", undefined, undefined],
])("%s with %s is served by %s", (executable, model, name) => {
  expect(upstreamsFor({ executable, model })[0]?.name).toBe(name);
});

test("no api-version: Perplexity rejects it", () => {
  expect(hostOf("perplexity-ai").path(callFor("sonar-pro"))).toBe("/chat/completions");
});

describe("every host", () => {
  test.each<[string, JsonObject, JsonObject, string[]]>([
    ["the model by SAP's name", { model: "mistral-large-latest" }, { model: MISTRAL }, []],
    ["also where the client names none", {}, { model: MISTRAL }, []],
    [
      "the limit by its older name",
      { max_completion_tokens: 9 },
      { max_tokens: 9 },
      ["max_completion_tokens"],
    ],
    [
      "unknown parameters",
      { prompt_cache_key: "k", verbosity: "low", store: true },
      {},
      ["prompt_cache_key", "verbosity", "store"],
    ],
    ["an effort that it knows", { reasoning_effort: "low" }, { reasoning_effort: "high" }, []],
    [
      "no developer",
      { messages: [{ ...system, role: "developer" }, hello] },
      { messages: [system, hello] },
      [],
    ],
    ["usage asked for", { stream: true }, { stream_options: { include_usage: true } }, []],
  ])("%s", (_name, change, kept, gone) => {
    const body = mistral(change);
    expect(body).toMatchObject(kept);
    expect(gone.filter((key) => key in body)).toEqual([]);
  });

  test("models without an effort", () => {
    const { body, notes } = accepted(
      hostOf("aicore-opensource"),
      { messages: HELLO, reasoning_effort: "high", top_k: 5 },
      LLAMA,
    );
    expect(body).toEqual({ messages: HELLO, model: LLAMA, top_k: 5 });
    expect(notes).toHaveLength(1);
  });
});

describe("Mistral", () => {
  test("ids of nine letters or digits, the same for a call and its answer", () => {
    const { messages } = mistral({ messages: [hello, calling("call_abc-1"), result("call_abc-1")] });
    const id = shortId("call_abc-1");
    expect(messages).toEqual([hello, calling(id), result(id)]);
    expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
  });

  test("its own ids stay, and others never meet", () => {
    expect(shortId("Ab3dEf9hI")).toBe("Ab3dEf9hI");
    const ids = Array.from({ length: 500 }, (_, at) => shortId(`call_${at}`));
    expect(new Set(ids).size).toBe(500);
  });

  test("a system message behind a tool's answer moves before its round", () => {
    const round = [calling("aaaaaaaa1"), result("aaaaaaaa1")];
    const later = [calling("aaaaaaaa2"), result("aaaaaaaa2")];
    expect(mistral({ messages: [hello, ...round, ...later, system] }).messages).toEqual([
      hello,
      system,
      ...round,
      ...later,
    ]);
    expect(mistral({ messages: [hello, ...round, system, ...later] }).messages).toEqual([
      hello,
      system,
      ...round,
      ...later,
    ]);
  });
});

describe("Perplexity", () => {
  test("no tools, no response_format, and it is told", () => {
    const asked = {
      messages: HELLO,
      tools: [chatTool("read")],
      tool_choice: "auto",
      parallel_tool_calls: true,
      response_format: { type: "json_object" },
      search_mode: "web",
    };
    const { body, notes } = accepted(hostOf("perplexity-ai"), asked, "sonar-pro");
    expect(body).toEqual({ messages: HELLO, model: "sonar-pro", search_mode: "web" });
    expect(notes.join()).toMatch(/response_format.*tools are left out/);
  });

  test("what tools did is told in words, user and assistant in turns", () => {
    const { messages } = sonar({ messages: [system, hello, calling("a"), result("a"), hello] });
    expect(messages).toEqual([
      system,
      hello,
      { role: "assistant", content: "Called the tool read with {}" },
      { role: "user", content: "Result of a tool call:\n\ndone\n\nHello." },
    ]);
  });

  test("its sources reach the client", () => {
    const { answer } = accepted(hostOf("perplexity-ai"), { messages: HELLO }, "sonar-pro");
    const body: JsonObject = JSON.parse("body" in answer ? String(answer.body) : "{}");
    expect(hostOf("perplexity-ai").cleanAnswer(body)).toBe(body);
    expect(body.citations).toBeDefined();
  });
});
