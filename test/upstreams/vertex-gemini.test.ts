/** What a Gemini request must lose to be accepted by Vertex (protocol.md 4c, 7.7). */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { toThoughtSignature } from "../../src/hub/thought-signature.ts";
import { vertexGemini } from "../../src/upstreams/vertex-gemini/index.ts";
import {
  answer,
  BODY,
  CANCELLED,
  call,
  callFor,
  FLASH_25,
  FLASH_35,
  FUNCTION,
  model,
  PRO_25,
  prepared,
  STAND_IN,
  signed,
  text,
  user,
} from "./gemini-request.ts";
import { frozen } from "./request.ts";

const contentsOf = (contents: Json[], name = FLASH_25) => prepared({ contents }, callFor(name)).contents;
const GO = user(text("Go."));

test("a legal body is returned itself, and members that need no change keep their identity", () => {
  const body: JsonObject = frozen({ ...BODY, contents: [GO, model(signed()), user(answer())] });
  expect(vertexGemini.prepare(body, callFor(FLASH_35))).toBe(body);
  const out = vertexGemini.prepare(frozen({ ...body, model: "m", stream: true }), callFor(FLASH_35));
  for (const member of Object.keys(body)) expect(out[member], member).toBe(body[member]);
});

test("contents keep their identity when another one changes", () => {
  const contents = [GO, model(text("a"), text("")), user(text("b"))];
  const out = prepared({ contents }).contents as Json[];
  expect([out[0], out[2]]).toEqual([contents[0], contents[2]]);
  expect(out[0]).toBe(contents[0]);
});

test.each([
  [true, "/models/gemini-2.5-pro:streamGenerateContent?alt=sse"],
  [false, "/models/gemini-2.5-pro:generateContent"],
])("the path, stream %s", (stream, path) => {
  expect(vertexGemini.path(callFor(PRO_25, { stream }))).toBe(path);
});

test.each([
  ["gcp-vertexai", "gemini-2.5-pro", true],
  ["gcp-vertexai", "gemini-embedding", false],
  ["gcp-vertexai", undefined, false],
  ["azure-openai", "gemini-2.5-pro", false],
])("%s %s is served: %s", (executable, name, serves) => {
  expect(vertexGemini.serves({ executable, model: name })).toBe(serves);
});

describe("fields", () => {
  test.each<[string, Record<string, Json>, string | undefined]>([
    ["model", { model: "x" }, undefined],
    ["stream", { stream: true }, undefined],
    ["cachedContent", { cachedContent: "c" }, "cachedContent is left out: Gemini on SAP AI Core refuses it"],
    ["nextYear", { nextYear: 1 }, "nextYear is left out: Gemini on SAP AI Core refuses it"],
  ])("%s goes", (field, change, note) => {
    const about = callFor(FLASH_35);
    expect(prepared(change, about)).not.toHaveProperty(field);
    expect(about.notes).toEqual(note === undefined ? [] : [note]);
  });

  test.each<[string, JsonObject, JsonObject | undefined]>([
    ["candidateCount", { candidateCount: 2, seed: 1 }, { seed: 1 }],
    ["an unknown one", { max: 2, topK: 1 }, { topK: 1 }],
    ["everything", { candidateCount: 1 }, undefined],
    ["snake case is read", { max_output_tokens: 9 }, { maxOutputTokens: 9 }],
    ["too many tokens", { maxOutputTokens: 99_999 }, { maxOutputTokens: 65_536 }],
    ["too many stops", { stopSequences: [..."abcdef"] }, { stopSequences: [..."abcde"] }],
  ])("generationConfig: %s", (_name, generationConfig, expected) => {
    expect(prepared({ generationConfig }).generationConfig).toEqual(expected);
  });

  test("an empty system instruction goes", () => {
    expect(prepared({ systemInstruction: { parts: [text("")] } })).not.toHaveProperty("systemInstruction");
    const role = { role: "user", parts: [text("a")] };
    expect(prepared({ systemInstruction: role }).systemInstruction).toBe(role);
  });
});

describe("contents", () => {
  test.each<[string, Json[], Json[]]>([
    ["no role is the user", [{ parts: [text("a")] }], [user(text("a"))]],
    ["neighbours are one", [GO, user(text("b"))], [user(text("Go."), text("b"))]],
    ["empty texts go", [user(text(""), text("a")), model(text(""))], [user(text("a"))]],
    [
      "empty contents go, and their neighbours meet",
      [GO, model(), user(text("b"))],
      [user(text("Go."), text("b"))],
    ],
    ["unknown members go", [user({ text: "a", cache: 1 })], [user(text("a"))]],
    [
      "the old role of answers",
      [GO, model(call()), { role: "function", parts: [answer()] }],
      [GO, model(call()), user(answer())],
    ],
  ])("%s", (_name, contents, expected) => {
    expect(contentsOf(contents)).toEqual(expected);
  });

  test("nothing to ask is refused here", () => {
    expect(() => prepared({ contents: [user(text(""))] })).toThrow("contents: at least one content");
  });
});

describe("calls and answers", () => {
  const rows: [name: string, contents: Json[], expected: Json[]][] = [
    [
      "ids go",
      [GO, model(call("a", { id: "1" })), user(answer("a", "1", { id: "1" }))],
      [GO, model(call("a")), user(answer("a"))],
    ],
    [
      "answers take the order of the calls, by id",
      [
        GO,
        model(call("a", { id: "1" }), call("a", { id: "2" })),
        user(answer("a", "two", { id: "2" }), answer("a", "one", { id: "1" })),
      ],
      [GO, model(call("a"), call("a")), user(answer("a", "one"), answer("a", "two"))],
    ],
    [
      "by name without",
      [GO, model(call("a"), call("b")), user(answer("b"), answer("a"))],
      [GO, model(call("a"), call("b")), user(answer("a"), answer("b"))],
    ],
    [
      "answers come first",
      [GO, model(call()), user(text("So?"), answer())],
      [GO, model(call()), user(answer(), text("So?"))],
    ],
    [
      "answers in contents of their own are brought together",
      [GO, model(call("a"), call("b")), user(answer("a")), user(answer("b"))],
      [GO, model(call("a"), call("b")), user(answer("a"), answer("b"))],
    ],
    [
      "a call that nobody answered is cancelled",
      [GO, model(call("a"), call("b")), user(answer("a"), text("Stop."))],
      [
        GO,
        model(call("a"), call("b")),
        user(answer("a"), { functionResponse: { name: "b", response: CANCELLED } }, text("Stop.")),
      ],
    ],
    [
      "also at the end",
      [GO, model(call("a"))],
      [GO, model(call("a")), user({ functionResponse: { name: "a", response: CANCELLED } })],
    ],
    [
      "an answer to nothing is text",
      [user(answer("a", "lost"))],
      [user(text('[a answered: {"output":"lost"}]'))],
    ],
  ];
  test.each(rows)("%s", (_name, contents, expected) => {
    expect(contentsOf(contents)).toEqual(expected);
  });
});

describe("thought signatures", () => {
  const carried = (signature: string) =>
    toThoughtSignature({ type: "thinking", thinking: "Hm.", signature }) as string;
  const own = String(signed().thoughtSignature);
  const history = (...parts: Json[]) => [GO, model(...parts), user(...parts.map(() => answer()))];

  test.each<[string, Json[], Json[]]>([
    ["its own stays", [signed()], [signed()]],
    ["none: the stand-in", [call()], [{ ...call(), thoughtSignature: STAND_IN }]],
    [
      "only on the first of parallel calls",
      [call(), call()],
      [{ ...call(), thoughtSignature: STAND_IN }, call()],
    ],
    [
      "its own out of an envelope",
      [{ ...call(), thoughtSignature: carried(`aicore.gemini.${own}`) }],
      [signed()],
    ],
    [
      "Claude's goes",
      [{ ...call(), thoughtSignature: carried("EqoB") }],
      [{ ...call(), thoughtSignature: STAND_IN }],
    ],
  ])("on 3.x, %s", (_name, parts, expected) => {
    expect(contentsOf(history(...parts), FLASH_35)).toEqual([
      GO,
      model(...expected),
      user(...parts.map(() => answer())),
    ]);
  });

  test("2.5 needs none, and a foreign one goes there too", () => {
    const contents = history({ ...call(), thoughtSignature: carried("EqoB") });
    expect(contentsOf(contents, FLASH_25)).toEqual(history(call()));
  });

  test("earlier turns get the stand-in as well, so that the prefix stays as it is", () => {
    const contents = [...history(call()), model(text("Done.")), user(text("Thanks."))];
    expect(contentsOf(contents, FLASH_35)).toMatchObject([
      {},
      { parts: [{ thoughtSignature: STAND_IN }] },
      {},
      {},
      {},
    ]);
  });
});

describe("thinking", () => {
  const think = (name: string, thinkingConfig: JsonObject, learned: string[] = []) => {
    const about = callFor(name, { learned: new Set(learned) });
    return (
      prepared({ generationConfig: { thinkingConfig } }, about).generationConfig as JsonObject | undefined
    )?.thinkingConfig;
  };
  test.each<[string, JsonObject, JsonObject | undefined]>([
    [PRO_25, { thinkingBudget: 0 }, { thinkingBudget: 128 }],
    [PRO_25, { thinkingBudget: -1 }, { thinkingBudget: -1 }],
    [
      PRO_25,
      { thinkingBudget: 99_999, includeThoughts: true },
      { thinkingBudget: 32_768, includeThoughts: true },
    ],
    [
      PRO_25,
      { thinkingLevel: "HIGH", includeThoughts: true },
      { thinkingBudget: 16_384, includeThoughts: true },
    ],
    [PRO_25, { thinkingLevel: "minimal" }, { thinkingBudget: 1_024 }],
    [PRO_25, { thinkingLevel: "LOW", thinkingBudget: 500 }, { thinkingBudget: 500 }],
    [PRO_25, { includeThoughts: true }, { includeThoughts: true }],
    [PRO_25, { effort: "low" }, undefined],
    [FLASH_25, { thinkingBudget: 0, includeThoughts: true }, { thinkingBudget: 0 }],
    [FLASH_25, { thinkingBudget: 30_000 }, { thinkingBudget: 24_576 }],
    ["gemini-2.5-flash-lite", { thinkingBudget: 5 }, { thinkingBudget: 512 }],
    [FLASH_35, { thinkingBudget: 0 }, { thinkingLevel: "MINIMAL" }],
    [FLASH_35, { thinkingBudget: -1, includeThoughts: true }, { includeThoughts: true }],
    [FLASH_35, { thinkingBudget: 4_096 }, { thinkingLevel: "LOW" }],
    [FLASH_35, { thinkingBudget: 31_999 }, { thinkingLevel: "HIGH" }],
    [FLASH_35, { thinkingLevel: "HIGH", thinkingBudget: 1 }, { thinkingLevel: "HIGH" }],
    ["gemini-2.0-flash", { thinkingLevel: "HIGH" }, undefined],
  ])("%s %o", (name, asked, expected) => {
    expect(think(name, asked)).toEqual(expected);
  });

  test("a level that was refused becomes the next one", () => {
    expect(think(FLASH_35, { thinkingLevel: "MINIMAL" }, ["level:MINIMAL"])).toEqual({
      thinkingLevel: "LOW",
    });
    expect(think(FLASH_35, { thinkingLevel: "HIGH" }, ["level:HIGH"])).toBeUndefined();
  });
});

describe("tools", () => {
  const declared = (...functionDeclarations: Json[]) => [{ functionDeclarations }];
  const OTHER = { ...FUNCTION, name: "b" };
  test.each<[string, Json, Json | undefined]>([
    ["a name twice is one", declared(FUNCTION, { ...FUNCTION, description: "again" }), declared(FUNCTION)],
    ["two tools are one", [...declared(FUNCTION), ...declared(OTHER)], declared(FUNCTION, OTHER)],
    ["no functions, no tool", declared(), undefined],
    ["Google's own go beside functions", [{ googleSearch: {} }, ...declared(FUNCTION)], declared(FUNCTION)],
    ["Google's own stay alone", [{ googleSearch: {} }], [{ googleSearch: {} }]],
    ["unknown members go", declared({ ...FUNCTION, behavior: "BLOCKING" }), declared(FUNCTION)],
  ])("%s", (_name, tools, expected) => {
    expect(prepared({ tools }).tools).toEqual(expected);
  });

  const choose = (mode: string, more: JsonObject = {}) => ({ functionCallingConfig: { mode, ...more } });
  const names = { allowedFunctionNames: ["read_file"] };
  test.each<[string, Record<string, Json | undefined>, JsonObject | undefined]>([
    ["stays with functions", { toolConfig: choose("AUTO") }, choose("AUTO")],
    ["goes without", { toolConfig: choose("AUTO"), tools: undefined }, undefined],
    ["keeps names with ANY", { toolConfig: choose("ANY", names) }, choose("ANY", names)],
    ["loses them otherwise", { toolConfig: choose("AUTO", names) }, choose("AUTO")],
    ["loses what is new", { toolConfig: { ...choose("ANY"), next: 1 } }, choose("ANY")],
  ])("the choice %s", (_name, change, expected) => {
    expect(prepared(change).toolConfig).toEqual(expected);
  });
});
