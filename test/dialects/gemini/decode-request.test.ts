/** What a Gemini client asks, in the hub's words. */
import { describe, expect, test } from "vitest";
import { toThoughtSignature } from "../../../src/hub/thought-signature.ts";
import { decode, image } from "./hub.ts";

const user = (...parts: unknown[]) => ({ role: "user", parts });
const model = (...parts: unknown[]) => ({ role: "model", parts });
const call = (name: string, id?: string) => ({
  functionCall: { name, args: { n: name }, ...(id && { id }) },
});
const response = (name: string, body: unknown = { output: name }, id?: string) => ({
  functionResponse: { name, response: body, ...(id && { id }) },
});
const contents = [user({ text: "hi" })];
const messagesOf = (...given: unknown[]) => decode({ contents: given }).messages;
const contentOf = (...parts: unknown[]) => messagesOf(user(...parts))[0]?.content;

test("Gemini CLI's router request", () => {
  const notes: string[] = [];
  const request = {
    contents: [user({ text: "Context." }), user({ text: "Run it." })],
    systemInstruction: { role: "user", parts: [{ text: "Route." }, { text: "" }] },
    generationConfig: {
      temperature: 1,
      topP: 0.95,
      topK: 64,
      responseMimeType: "application/json",
      responseJsonSchema: { type: "OBJECT", properties: { score: { type: "INTEGER" } }, required: ["score"] },
      thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
    },
  };
  expect(decode(request, notes)).toEqual({
    model: "",
    system: [{ type: "text", text: "Route." }],
    messages: [
      { role: "user", content: [{ type: "text", text: "Context." }] },
      { role: "user", content: [{ type: "text", text: "Run it." }] },
    ],
    temperature: 1,
    top_p: 0.95,
    top_k: 64,
    thinking: { type: "adaptive" },
    output_config: {
      effort: "high",
      format: {
        type: "json_schema",
        schema: { type: "object", properties: { score: { type: "integer" } }, required: ["score"] },
      },
    },
  });
  expect(notes).toEqual([]);
});

describe("parts", () => {
  test.each<[string, unknown, unknown]>([
    ["text", { text: "a" }, { type: "text", text: "a" }],
    ["an image", { inlineData: { mimeType: "image/PNG", data: "iVBORw0KGgo=" } }, image()],
    ["url-safe base64", { inline_data: { mime_type: "image/png", data: "_-8" } }, image("/+8=")],
    [
      "a PDF",
      { inlineData: { mimeType: "application/pdf", data: "JVBERg==" } },
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" } },
    ],
    [
      "a text file",
      { inlineData: { mimeType: "text/csv; charset=utf-8", data: "w6QsYg==" } },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "ä,b" } },
    ],
    [
      "a file elsewhere",
      { fileData: { mimeType: "image/png", fileUri: "https://a/b" } },
      { type: "image", source: { type: "url", url: "https://a/b" } },
    ],
    [
      "code that Google ran",
      { executableCode: { language: "PYTHON", code: "1+1" } },
      { type: "text", text: "1+1" },
    ],
    ["an answer to nothing", response("a"), { type: "text", text: "[a answered: a]" }],
  ])("%s", (_name, part, block) => {
    expect(contentOf(part)).toEqual([block]);
  });

  test("contents without anything in them are no messages", () => {
    expect(messagesOf(user(), { role: "model" }, user({ text: "" }), ...contents)).toHaveLength(1);
  });
});

describe("calls", () => {
  const ids = (...given: unknown[]) =>
    messagesOf(user({ text: "go" }), ...given).flatMap(({ content }) =>
      typeof content === "string"
        ? []
        : content.flatMap((block) => {
            if (block.type === "tool_use") return [`call ${block.name} ${block.id}`];
            return block.type === "tool_result" ? [`${String(block.content)} for ${block.tool_use_id}`] : [];
          }),
    );

  test("ids are nine letters and digits, the same on every turn", () => {
    const turn = [model(call("a"), call("b")), user(response("b"), response("a"))];
    const first = ids(...turn);
    const [a = "", b = ""] = first.slice(0, 2).map((line) => line.split(" ")[2]);
    expect([a, b]).toEqual([
      expect.stringMatching(/^[A-Za-z0-9]{9}$/),
      expect.stringMatching(/^[A-Za-z0-9]{9}$/),
    ]);
    expect(first.slice(2)).toEqual([`b for ${b}`, `a for ${a}`]);
    const next = ids(...turn, model(call("a")), user(response("a")));
    expect(next.slice(0, 4)).toEqual(first);
    expect(new Set(next.filter((line) => line.startsWith("call"))).size).toBe(3);
  });

  test.each<[string, unknown[], string[]]>([
    [
      "ids that are given stay, whatever the order",
      [
        model(call("a", "x-1"), call("a", "x_2")),
        user(response("a", { output: "two" }, "x_2"), response("a", { output: "one" }, "x-1")),
      ],
      ["call a x-1", "call a x_2", "two for x_2", "one for x-1"],
    ],
    [
      "an id that nobody knows: by name and order",
      [
        model(call("a", "1"), call("a", "2")),
        user(response("a", { output: "1st" }, "?"), response("a", { output: "2nd" })),
      ],
      ["call a 1", "call a 2", "1st for 1", "2nd for 2"],
    ],
    [
      "a model's turn in two contents",
      [model(call("a", "1")), model(call("b", "2")), user(response("a"), response("b"))],
      ["call a 1", "call b 2", "a for 1", "b for 2"],
    ],
  ])("%s", (_name, given, expected) => {
    expect(ids(...given)).toEqual(expected);
  });

  test.each<[string, unknown, object]>([
    ["output alone is the text", { output: "1" }, { content: "1" }],
    ["error alone is an error", { error: "no" }, { content: "no", is_error: true }],
    ["any other object is JSON", { a: [1] }, { content: '{"a":[1]}' }],
    ["so is an output that is no text", { output: { a: 1 } }, { content: '{"a":1}' }],
    ["null is none", null, { content: "{}" }],
  ])("%s", (_name, body, expected) => {
    const [, , answered] = messagesOf(user({ text: "go" }), model(call("a", "1")), user(response("a", body)));
    expect(answered?.content).toEqual([{ type: "tool_result", tool_use_id: "1", ...expected }]);
  });

  test("images in an answer stay in it", () => {
    const parts = [{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }];
    const shown = { functionResponse: { name: "a", response: { output: "see" }, parts } };
    expect(messagesOf(user({ text: "go" }), model(call("a", "1")), user(shown))[2]?.content).toEqual([
      { type: "tool_result", tool_use_id: "1", content: [{ type: "text", text: "see" }, image()] },
    ]);
  });
});

describe("thoughts", () => {
  const thought = (text: string, more = {}) => ({ text, thought: true, ...more });
  const claude = { type: "thinking", thinking: "All of it.", signature: "EqoB" } as const;
  const sealed = { type: "redacted_thinking", data: "x" } as const;
  const said = { type: "text", text: "a" };
  test.each<[string, unknown[], unknown[]]>([
    [
      "without a signature",
      [thought("Hm"), thought("."), { text: "a" }],
      [{ type: "thinking", thinking: "Hm." }, said],
    ],
    [
      "with Gemini's own",
      [thought("Hm."), { text: "a", thoughtSignature: "QUJD" }],
      [{ type: "thinking", thinking: "Hm.", signature: "aicore.gemini.QUJD" }, said],
    ],
    [
      "a signature on the thought itself",
      [thought("Hm.", { thoughtSignature: "QUJD" }), { text: "a" }],
      [{ type: "thinking", thinking: "Hm.", signature: "aicore.gemini.QUJD" }, said],
    ],
    [
      "the stand-in is none",
      [{ ...call("a", "1"), thoughtSignature: "skip_thought_signature_validator" }],
      [{ type: "tool_use", id: "1", name: "a", input: { n: "a" } }],
    ],
    [
      "Claude's comes back whole",
      [{ text: "a", thoughtSignature: toThoughtSignature(claude) }],
      [claude, said],
    ],
    [
      "also when the thought was kept",
      [thought("All"), { text: "a", thoughtSignature: toThoughtSignature(claude) }],
      [claude, said],
    ],
    [
      "what was sealed stays sealed",
      [{ text: "a", thoughtSignature: toThoughtSignature(sealed) }],
      [sealed, said],
    ],
    [
      "on an empty part",
      [{ text: "a" }, { text: "", thoughtSignature: toThoughtSignature(claude) }],
      [said, claude],
    ],
  ])("%s", (_name, parts, blocks) => {
    expect(messagesOf(user({ text: "go" }), model(...parts))[1]?.content).toEqual(blocks);
  });
});

describe("the rest of the request", () => {
  const schema = {
    type: "OBJECT",
    properties: { a: { type: "STRING", nullable: true } },
    propertyOrdering: ["a"],
  };
  test("tools", () => {
    const notes: string[] = [];
    const tools = [
      {
        functionDeclarations: [
          { name: "a", description: "A.", parameters: schema },
          { name: "b", parametersJsonSchema: { type: "object", properties: { type: { const: "STRING" } } } },
        ],
      },
      { function_declarations: [{ name: "c" }], google_search: {} },
    ];
    expect(decode({ contents, tools }, notes).tools).toEqual([
      {
        name: "a",
        description: "A.",
        input_schema: { type: "object", properties: { a: { type: ["string", "null"] } } },
      },
      { name: "b", input_schema: { type: "object", properties: { type: { const: "STRING" } } } },
      { name: "c", input_schema: { type: "object", properties: {} } },
    ]);
    expect(notes).toEqual(["the tool googleSearch is left out: only Google runs it"]);
  });

  const tools = [{ functionDeclarations: [{ name: "a" }, { name: "b" }, { name: "c" }] }];
  test.each<[object, object | undefined, string]>([
    [{ mode: "AUTO" }, { type: "auto" }, "abc"],
    [{ mode: "ANY" }, { type: "any" }, "abc"],
    [{ mode: "ANY", allowedFunctionNames: ["b"] }, { type: "tool", name: "b" }, "abc"],
    [{ mode: "ANY", allowed_function_names: ["a", "c"] }, { type: "any" }, "ac"],
    [{ mode: "NONE" }, { type: "none" }, "abc"],
    [{}, undefined, "abc"],
  ])("%o", (functionCallingConfig, choice, names) => {
    const request = decode({ contents, tools, toolConfig: { functionCallingConfig } });
    expect(request.tool_choice).toEqual(choice);
    expect(request.tools?.map(({ name }) => name).join("")).toBe(names);
  });

  test.each<[object, object]>([
    [
      { thinkingBudget: 0 },
      { thinking: { type: "disabled" }, vendor: { gemini: { includeThoughts: false } } },
    ],
    [
      { thinkingBudget: 2_000, includeThoughts: true },
      { thinking: { type: "enabled", budget_tokens: 2_000 } },
    ],
    [{ thinkingBudget: -1, includeThoughts: true }, { thinking: { type: "adaptive" } }],
    [{ includeThoughts: true }, { thinking: { type: "adaptive" } }],
    [
      { thinkingLevel: "low", includeThoughts: true },
      { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    ],
  ])("%o", (thinkingConfig, expected) => {
    const {
      model: _model,
      messages: _messages,
      ...rest
    } = decode({ contents, generationConfig: { thinkingConfig } });
    expect(rest).toEqual(expected);
  });

  test("what only Gemini knows rides along, what nobody knows is told", () => {
    const notes: string[] = [];
    const generationConfig = {
      seed: 1,
      presence_penalty: 0.5,
      candidateCount: 2,
      routing: {},
      maxOutputTokens: 5,
      stopSequences: ["X"],
    };
    const body = {
      contents,
      generationConfig,
      safetySettings: [{ category: "C" }],
      cachedContent: "c",
      model: "m",
      stream: true,
    };
    expect(decode(body, notes)).toMatchObject({
      model: "m",
      stream: true,
      max_tokens: 5,
      stop_sequences: ["X"],
      vendor: { gemini: { seed: 1, presencePenalty: 0.5, safetySettings: [{ category: "C" }] } },
    });
    expect(notes).toEqual([
      "cachedContent is left out",
      "candidateCount is left out: there is one answer",
      "generationConfig.routing is left out",
    ]);
  });

  test("JSON without a schema", () => {
    const generationConfig = { responseMimeType: "application/json" };
    expect(decode({ contents, generationConfig }).output_config).toEqual({ format: { type: "json_object" } });
  });
});
