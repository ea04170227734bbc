/** A Messages request in Converse's words (protocol.md 4a.8), row by row. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { markSignature } from "../../src/hub/signature.ts";
import { bedrockConverse } from "../../src/upstreams/bedrock-converse/index.ts";
import { PIXEL } from "../support/questions.ts";
import { HELLO, MICRO, NOVA, prepared } from "./converse-request.ts";
import { assistant, callFor, text, thinking, toolResult, toolUse, user } from "./request.ts";

const POINT = { cachePoint: { type: "default" } };
const mark = { cache_control: { type: "ephemeral", ttl: "1h" } };
const PDF = Buffer.from("%PDF-1.4 nothing").toString("base64");
const base64 = (media_type: string, data: string) => ({ type: "base64", media_type, data });
const picture = (data = PIXEL) => ({ type: "image", source: base64("image/png", data) });
const document = (source: Json, title?: string): JsonObject => ({
  type: "document",
  source,
  ...(title !== undefined && { title }),
});
const shown = (bytes = PIXEL) => ({ image: { format: "png", source: { bytes } } });
const file = (format: string, name: string, bytes: string) => ({
  document: { format, name, source: { bytes } },
});
const call = (id: string) => ({ toolUse: { toolUseId: id, name: "read_file", input: { path: id } } });
const result = (id: string, content: Json[] = [{ text: "done" }], status = "success") => ({
  toolResult: { toolUseId: id, content, status },
});
const READ = {
  name: "read_file",
  description: "Reads a file.",
  input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};
const READ_SPEC = {
  toolSpec: { name: READ.name, description: READ.description, inputSchema: { json: READ.input_schema } },
};

test("all that a request has in common with Converse", () => {
  const { body, notes } = prepared({
    model: "nova",
    stream: true,
    system: "You help.",
    max_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    stop_sequences: ["END", " "],
    metadata: { user_id: "u" },
    tools: [READ],
    tool_choice: { type: "any", disable_parallel_tool_use: true },
  });
  expect(body).toEqual({
    system: [{ text: "You help." }],
    messages: [{ role: "user", content: [{ text: "Hello." }] }],
    inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 0.9, stopSequences: ["END"] },
    toolConfig: { tools: [READ_SPEC], toolChoice: { any: {} } },
    additionalModelRequestFields: { inferenceConfig: { topK: 40 } },
  });
  expect(notes).toEqual([]);
});

test("what is not asked for is not there", () => {
  expect(prepared({}).body).toEqual({
    messages: [{ role: "user", content: [{ text: "Hello." }] }],
    inferenceConfig: { maxTokens: 100 },
  });
});

describe("messages", () => {
  test.each<[name: string, messages: Json[], expected: Json[]]>([
    [
      "a picture",
      [user(picture(), text("What?"))],
      [{ role: "user", content: [shown(), { text: "What?" }] }],
    ],
    [
      "a data URL",
      [user({ type: "image", source: { type: "url", url: `data:image/png;base64,${PIXEL}` } })],
      [{ role: "user", content: [shown()] }],
    ],
    [
      "documents, named once each",
      [
        user(
          document(base64("application/pdf", PDF), "My_report  2026.pdf"),
          document(base64("application/pdf", PDF), "My_report  2026.pdf"),
          document({ type: "text", media_type: "text/plain", data: "grün" }),
          text("Sum up."),
        ),
      ],
      [
        {
          role: "user",
          content: [
            file("pdf", "My-report 2026-pdf", PDF),
            file("pdf", "My-report 2026-pdf (2)", PDF),
            file("txt", "document", Buffer.from("grün").toString("base64")),
            { text: "Sum up." },
          ],
        },
      ],
    ],
    [
      "a document without a word beside it",
      [user(document(base64("application/pdf", PDF)))],
      [{ role: "user", content: [file("pdf", "document", PDF), { text: "The document is attached." }] }],
    ],
    [
      "a document made of blocks",
      [user(document({ type: "content", content: [text("A."), picture(), text(" ")] }))],
      [{ role: "user", content: [{ text: "A." }, shown()] }],
    ],
    [
      "a search result",
      [user({ type: "search_result", source: "https://a", title: "A", content: [text("Found.")] })],
      [{ role: "user", content: [{ text: "A\nhttps://a\nFound." }] }],
    ],
    [
      "a format that Converse has not",
      [user({ type: "image", source: base64("image/tiff", PIXEL) })],
      [
        {
          role: "user",
          content: [{ text: "[an image was left out: image/tiff is not a format that it reads]" }],
        },
      ],
    ],
    [
      "what others thought, and the turn that it leaves empty",
      [
        HELLO,
        assistant(thinking, text("A.")),
        HELLO,
        assistant({ ...thinking, signature: markSignature("gemini", "s") }),
        HELLO,
      ],
      [
        { role: "user", content: [{ text: "Hello." }] },
        { role: "assistant", content: [{ text: "A." }] },
        { role: "user", content: [{ text: "Hello." }, { text: "Hello." }] },
      ],
    ],
    [
      "blank texts, and neighbours of one role",
      [user(text(" ")), HELLO, user(text("B."))],
      [{ role: "user", content: [{ text: "Hello." }, { text: "B." }] }],
    ],
    [
      "a system message amid the history",
      [HELLO, { role: "system", content: "Env." }],
      [
        {
          role: "user",
          content: [{ text: "Hello." }, { text: "<system-reminder>\nEnv.\n</system-reminder>" }],
        },
      ],
    ],
    [
      "a prefill",
      [HELLO, assistant(text("{"))],
      [
        { role: "user", content: [{ text: "Hello." }] },
        { role: "assistant", content: [{ text: "{" }] },
      ],
    ],
    [
      "calls and results, one failed, one silent, one missing",
      [
        HELLO,
        assistant(toolUse("a"), toolUse("b"), toolUse("c"), toolUse("d")),
        user(
          toolResult("a", [text("1"), picture()]),
          { ...toolResult("b", "no"), is_error: true },
          toolResult("c", ""),
        ),
      ],
      [
        { role: "user", content: [{ text: "Hello." }] },
        { role: "assistant", content: [call("a"), call("b"), call("c"), call("d")] },
        {
          role: "user",
          content: [
            result("a", [{ text: "1" }, shown()]),
            result("b", [{ text: "no" }], "error"),
            result("c", [{ text: "(no output)" }]),
            result("d", [{ text: "The call was cancelled." }], "error"),
          ],
        },
      ],
    ],
  ])("%s", (_name, messages, expected) => {
    expect(prepared({ messages, tools: [READ] }).body.messages).toEqual(expected);
  });

  test("a picture for a model that sees none is told in words", () => {
    const { body, notes } = prepared({ messages: [user(picture())] }, callFor(MICRO));
    expect(body.messages).toEqual([
      { role: "user", content: [{ text: "[an image was left out: the model sees none]" }] },
    ]);
    expect(notes).toEqual(["an image is left out: the model sees none"]);
  });

  test("a URL is refused by its path", () => {
    const source = { type: "url", url: "https://example.com/a.png" };
    expect(() => prepared({ messages: [user({ type: "image", source })] })).toThrow(
      expect.objectContaining({
        status: 400,
        message: expect.stringContaining("messages.0.content.0.source.url"),
      }),
    );
  });
});

describe("cache points", () => {
  test("stand behind the marked blocks, a marked result and a result with marks inside", () => {
    const { body } = prepared({
      system: [{ ...text("You help."), ...mark }],
      messages: [
        HELLO,
        assistant(toolUse("a"), toolUse("b")),
        user({ ...toolResult("a"), ...mark }, toolResult("b", [{ ...text("1"), ...mark }])),
      ],
      tools: [{ ...READ, ...mark }],
    });
    expect(body.system).toEqual([{ text: "You help." }, POINT]);
    expect((body.messages as JsonObject[])[2]?.content).toEqual([
      result("a"),
      POINT,
      result("b", [{ text: "1" }]),
      POINT,
    ]);
    expect(body.toolConfig).toEqual({ tools: [READ_SPEC] });
  });

  test("are four at most, the last ones of each part", () => {
    const marked = Array.from({ length: 5 }, (_, at) => ({ ...text(`${at}`), ...mark }));
    const { body } = prepared({ system: marked.slice(0, 3), messages: [user(...marked)] });
    const points = JSON.stringify(body).match(/cachePoint/g) ?? [];
    expect(points).toHaveLength(3);
    expect((body.system as Json[]).at(-1)).toEqual(POINT);
    expect(JSON.stringify(body.messages)).toMatch(/"4"\},\{"cachePoint/);
  });

  test("are all gone where the deployment refused them", () => {
    const refusal = "Your request did not allow prompt caching.";
    const key = bedrockConverse.learn(400, refusal, callFor(NOVA)) ?? "";
    const learned = callFor(NOVA, { learned: new Set([key]) });
    const { body } = prepared({ system: [{ ...text("A."), ...mark }] }, learned);
    expect(body.system).toEqual([{ text: "A." }]);
    expect(bedrockConverse.learn(400, refusal, learned)).toBeUndefined();
  });
});

describe("tools", () => {
  const specs = (tools: Json[], more: Record<string, Json> = {}) =>
    prepared({ tools, ...more }).body.toolConfig;
  const schemaOf = (input_schema: Json) => {
    const config = specs([{ name: "f", input_schema }]) as { tools: { toolSpec: JsonObject }[] };
    const [first] = config.tools;
    return (first?.toolSpec.inputSchema as JsonObject | undefined)?.json;
  };

  test.each<[name: string, choice: JsonObject, expected: Json | undefined]>([
    ["auto", { type: "auto" }, { auto: {} }],
    ["any", { type: "any" }, { any: {} }],
    ["a tool", { type: "tool", name: "read_file" }, { tool: { name: "read_file" } }],
    ["a tool that is not there", { type: "tool", name: "gone" }, undefined],
  ])("%s is forced", (_name, tool_choice, toolChoice) => {
    expect(specs([READ], { tool_choice })).toEqual({ tools: [READ_SPEC], ...(toolChoice && { toolChoice }) });
  });

  test("none takes the tools away", () => {
    expect(specs([READ], { tool_choice: { type: "none" } })).toBeUndefined();
  });

  test("of a history stay named when the request has none", () => {
    const { body } = prepared({ messages: [HELLO, assistant(toolUse("a")), user(toolResult("a"))] });
    expect(body.toolConfig).toEqual({
      tools: [
        {
          toolSpec: {
            name: "read_file",
            description: "Not available any more.",
            inputSchema: { json: { type: "object", properties: {} } },
          },
        },
      ],
    });
  });

  test("that Anthropic runs are left out", () => {
    const { body, notes } = prepared({ tools: [{ type: "web_search_20250305", name: "web_search" }] });
    expect(body.toolConfig).toBeUndefined();
    expect(notes).toHaveLength(1);
  });

  const place = { type: "object", properties: { city: { type: "string" } } };
  test.each<[name: string, schema: JsonObject, expected: JsonObject]>([
    ["as it is", READ.input_schema, READ.input_schema],
    ["without properties", { type: "object" }, { type: "object", properties: {} }],
    ["with more at its top", { $schema: "s", ...place, additionalProperties: false, title: "T" }, place],
    [
      "with definitions",
      {
        ...{ type: "object", properties: { at: { $ref: "#/$defs/place", description: "Where" } } },
        ...{ required: ["at"], $defs: { place: { ...place, additionalProperties: false } } },
      },
      {
        type: "object",
        properties: { at: { ...place, additionalProperties: false, description: "Where" } },
        required: ["at"],
      },
    ],
    [
      "with a reference to nowhere",
      { type: "object", properties: { at: { $ref: "#/$defs/gone" } }, $defs: {} },
      { type: "object", properties: { at: {} } },
    ],
  ])("a schema %s", (_name, schema, expected) => {
    expect(schemaOf(schema)).toEqual(expected);
  });

  test("a schema that refers to itself comes to an end", () => {
    const tree = { type: "object", properties: { left: { $ref: "#/$defs/tree" } } };
    expect(JSON.stringify(schemaOf({ ...tree, $defs: { tree } }))).toContain("left");
  });

  test("structured output is a tool that is forced", () => {
    const format = { type: "json_schema", schema: { ...place, additionalProperties: false } };
    const { body } = prepared({ output_config: { format } });
    expect(body.toolConfig).toMatchObject({
      tools: [{ toolSpec: { name: "answer_in_json", inputSchema: { json: place } } }],
      toolChoice: { tool: { name: "answer_in_json" } },
    });
  });
});

test.each<[name: string, change: Record<string, Json>, note: string, config: JsonObject]>([
  ["thinking", { thinking: { type: "adaptive" } }, `thinking is left out: ${NOVA} has none`, {}],
  ["an effort", { output_config: { effort: "low" } }, "output_config.effort is left out", {}],
  ["a foreign field", { context_management: {} }, "context_management is left out", {}],
  ["too much heat", { temperature: 1.7 }, "temperature is lowered to 1", { temperature: 1 }],
  ["too many tokens", { max_tokens: 50_000 }, "max_tokens is lowered to 8192", { maxTokens: 8_192 }],
])("%s is told and left out", (_name, change, note, config) => {
  const { body, notes } = prepared(change);
  expect(notes).toEqual([expect.stringContaining(note)]);
  expect(body.inferenceConfig).toEqual({ maxTokens: 100, ...config });
  expect(Object.keys(body)).toEqual(["messages", "inferenceConfig"]);
});

test.each<[message: string, key: string | undefined]>([
  [refusal("inferenceConfig", "topP"), "field:inferenceConfig.topP"],
  [refusal("messages/0/content/1/toolResult", "status"), "field:messages.*.content.*.toolResult.status"],
  [refusal("", "additionalModelRequestFields"), "field:additionalModelRequestFields"],
  [refusal("messages/0/content/1", "text"), undefined],
  [refusal("", "messages"), undefined],
  ["Input is too long for requested model.", undefined],
])("%s teaches %s", (message, key) => {
  expect(bedrockConverse.learn(400, message, callFor(NOVA))).toBe(key);
  expect(bedrockConverse.learn(500, message, callFor(NOVA))).toBeUndefined();
  if (key === undefined) return;
  const learned = callFor(NOVA, { learned: new Set([key]) });
  expect(bedrockConverse.learn(400, message, learned)).toBeUndefined();
  const history = [HELLO, assistant(toolUse("a")), user(toolResult("a"))];
  const { body } = prepared({ messages: history, top_p: 0.5, top_k: 3 }, learned);
  expect(JSON.stringify(body)).not.toContain(`"${key.split(".").at(-1)?.replace("field:", "")}"`);
});

function refusal(folder: string, key: string): string {
  return `Malformed input request: #/${folder}: extraneous key [${key}] is not permitted, please reformat your input and try again.`;
}

const FOLDER = new URL("../fixtures/messages/", import.meta.url);

test.each(readdirSync(FOLDER))("what a real client sends is accepted: %s", (name) => {
  const { body } = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
  const { body: converse } = prepared(body);
  expect(JSON.stringify(converse)).not.toContain("cache_control");
});
