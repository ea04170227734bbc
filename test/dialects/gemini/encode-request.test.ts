/** The hub's requests as `generateContent` bodies, and what is lost on the way there and back. */
import { describe, expect, test } from "vitest";
import type { Block, HubMessage, HubRequest } from "../../../src/hub/messages.ts";
import { checkRequest } from "../../../src/sandbox/gemini/request.ts";
import { signatureOf } from "../../../src/sandbox/gemini/signature.ts";
import { GEMINI_MODELS } from "../../../src/sandbox/models.ts";
import { vertexGemini } from "../../../src/upstreams/vertex-gemini/index.ts";
import { callFor } from "../../upstreams/gemini-request.ts";
import { asked, decode, encode, image, targetFor } from "./hub.ts";

const text = (words: string): Block => ({ type: "text", text: words });
const use = (id = "t1", name = "look"): Block => ({ type: "tool_use", id, name, input: { a: 1 } });
const result = (content: string | Block[], more = {}): Block => ({
  type: "tool_result",
  tool_use_id: "t1",
  content,
  ...more,
});
const thinking = (signature?: string): Block => ({
  type: "thinking",
  thinking: "Hm.",
  ...(signature && { signature }),
});
const user = (...content: Block[]): HubMessage => ({ role: "user", content });
const assistant = (...content: Block[]): HubMessage => ({ role: "assistant", content });
const CALL = { functionCall: { id: "t1", name: "look", args: { a: 1 } } };

describe("messages", () => {
  const answered = (more: object, ...others: object[]) => [
    { role: "model", parts: [CALL] },
    { role: "user", parts: [{ functionResponse: { id: "t1", name: "look", ...more } }, ...others] },
  ];
  test.each<[string, HubMessage[], object[]]>([
    ["a string", [{ role: "user", content: "hi" }], [{ role: "user", parts: [{ text: "hi" }] }]],
    ["empty ones go", [user(text("")), user(text("a"))], [{ role: "user", parts: [{ text: "a" }] }]],
    [
      "a system message in the history is a reminder",
      [{ role: "system", content: "Mind." }],
      [{ role: "user", parts: [{ text: "<system-reminder>\nMind.\n</system-reminder>" }] }],
    ],
    ["an answer", [assistant(use()), user(result("1"))], answered({ response: { output: "1" } })],
    [
      "an error",
      [assistant(use()), user(result("no", { is_error: true }))],
      answered({ response: { error: "no" } }),
    ],
    [
      "answers, then their images, then words",
      [assistant(use()), user(text("So?"), result([text("see"), image()]))],
      answered(
        { response: { output: "see" } },
        { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } },
        { text: "So?" },
      ),
    ],
    ["an answer to nothing is text", [user(result("lost"))], [{ role: "user", parts: [{ text: "lost" }] }]],
    [
      "a data URL goes inline",
      [user({ type: "image", source: { type: "url", url: "data:image/webp;base64,UklG" } })],
      [{ role: "user", parts: [{ inlineData: { mimeType: "image/webp", data: "UklG" } }] }],
    ],
    [
      "another is fetched by Vertex",
      [user({ type: "image", source: { type: "url", url: "https://a/b.png?x=1" } })],
      [{ role: "user", parts: [{ fileData: { mimeType: "image/png", fileUri: "https://a/b.png?x=1" } }] }],
    ],
    [
      "a document of text",
      [user({ type: "document", source: { type: "text", media_type: "text/plain", data: "a,b" } })],
      [{ role: "user", parts: [{ text: "a,b" }] }],
    ],
  ])("%s", (_name, messages, contents) => {
    expect(encode(asked(...messages)).contents).toEqual(contents);
  });
});

describe("thoughts", () => {
  const parts = (...blocks: Block[]) =>
    (encode(asked(assistant(...blocks))).contents as { parts: object[] }[])[0]?.parts;
  const own = thinking("aicore.gemini.QUJD");
  const signed = { thoughtSignature: "QUJD" };
  test.each<[string, Block[], object[] | undefined]>([
    ["its own stands on the call behind it", [own, use()], [{ ...CALL, ...signed }]],
    ["or on the text", [own, text("a"), use()], [{ text: "a", ...signed }, CALL]],
    ["or alone at the end", [text("a"), own], [{ text: "a" }, { text: "", ...signed }]],
    [
      "two keep their places",
      [own, thinking("aicore.gemini.REVG"), use()],
      [
        { text: "", ...signed },
        { ...CALL, thoughtSignature: "REVG" },
      ],
    ],
    ["Claude's goes", [thinking("EqoB"), use()], [CALL]],
    ["Azure's goes", [thinking("aicore.responses.x"), use()], [CALL]],
    ["one without goes", [thinking(), use()], [CALL]],
    ["what is sealed goes", [{ type: "redacted_thinking", data: "x" }, use()], [CALL]],
    ["nothing else is left", [thinking("EqoB")], undefined],
  ])("%s", (_name, blocks, expected) => {
    expect(parts(...blocks)).toEqual(expected);
  });
});

test("parameters", () => {
  const target = targetFor();
  const schema = { type: "object", properties: {} };
  const body = encode(
    {
      system: [{ type: "text", text: "Help.", cache_control: { type: "ephemeral" } }],
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 3,
      stop_sequences: ["X"],
      tools: [
        { name: "look", description: "Looks.", input_schema: schema, cache_control: { type: "ephemeral" } },
        { name: "web_search", type: "web_search_20250305", input_schema: {} },
      ],
      tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true },
      output_config: { effort: "xhigh", format: { type: "json_schema", schema } },
      vendor: {
        openai: { seed: 7, user: "u" },
        gemini: { mediaResolution: "LOW", safetySettings: [], includeThoughts: false },
      },
    },
    target,
  );
  expect(body).toEqual({
    contents: [],
    systemInstruction: { parts: [{ text: "Help." }] },
    tools: [
      { functionDeclarations: [{ name: "look", description: "Looks.", parametersJsonSchema: schema }] },
    ],
    toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["look"] } },
    generationConfig: {
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 3,
      stopSequences: ["X"],
      thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      responseMimeType: "application/json",
      responseJsonSchema: schema,
      seed: 7,
      mediaResolution: "LOW",
    },
    safetySettings: [],
  });
  expect(target.notes).toEqual([
    "the tool web_search_20250305 is left out: Gemini does not have it",
    "user is left out: Gemini does not know it",
    "disable_parallel_tool_use is left out: Gemini cannot be told",
  ]);
});

test.each<[Partial<HubRequest>, object | undefined]>([
  [{ thinking: { type: "enabled", budget_tokens: 5_000 } }, { includeThoughts: true, thinkingBudget: 5_000 }],
  [{ thinking: { type: "adaptive" } }, { includeThoughts: true }],
  [
    { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    { includeThoughts: true, thinkingLevel: "LOW" },
  ],
  [{ thinking: { type: "disabled" } }, { thinkingBudget: 0 }],
  [{ output_config: { effort: "none" } }, { thinkingBudget: 0 }],
  [{}, undefined],
])("%o", (request, expected) => {
  const { generationConfig } = encode(request) as { generationConfig?: { thinkingConfig?: object } };
  expect(generationConfig?.thinkingConfig).toEqual(expected);
});

test("a model that does not think is not asked to", () => {
  const target = targetFor("gemini-2.0-flash");
  expect(encode({ thinking: { type: "adaptive" } }, target)).not.toHaveProperty("generationConfig");
  expect(target.notes).toEqual(["thinking is left out: gemini-2.0-flash does not think"]);
});

const signature = `aicore.gemini.${signatureOf({ functionCall: { name: "look", args: { a: 1 } } })}`;
const WHOLE: Omit<HubRequest, "model"> = {
  system: [{ type: "text", text: "Help." }],
  messages: [
    user(text("Look."), image()),
    assistant(thinking(signature), use(), use("t2", "other")),
    user(result("1"), { type: "tool_result", tool_use_id: "t2", content: "no", is_error: true }, text("So?")),
    assistant(text("Done.")),
    user(text("Thanks.")),
  ],
  tools: [
    { name: "look", input_schema: { type: "object", properties: { a: { type: "integer" } } } },
    { name: "other", input_schema: { type: "object", properties: {} } },
  ],
  tool_choice: { type: "auto" },
  max_tokens: 100,
  temperature: 0.5,
  stop_sequences: ["X"],
  thinking: { type: "adaptive" },
  output_config: { effort: "medium" },
};

test("there and back", () => {
  // Lost by design: the text of a thought, which is Gemini's own, and its breakpoints.
  const messages = WHOLE.messages.map(({ role, content }) => ({
    role,
    content: (content as Block[]).map((block) =>
      block.type === "thinking" ? { ...block, thinking: "" } : block,
    ),
  }));
  expect(decode(encode(WHOLE))).toEqual({ model: "", ...WHOLE, messages });
});

test.each(Object.keys(GEMINI_MODELS))("what is encoded and prepared is accepted as %s", (model) => {
  const rules = GEMINI_MODELS[model];
  if (rules === undefined) throw new Error(model);
  const body = vertexGemini.prepare(encode(WHOLE, targetFor(model)), callFor(model));
  expect(() => checkRequest(body, rules)).not.toThrow();
});
