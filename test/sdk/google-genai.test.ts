/** The official Google SDK, on models of every vendor. */
import {
  ApiError,
  type CallableTool,
  type Content,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Tool,
} from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KEY, type Stack, startStack } from "../support/stack.ts";
import { CALL_BOTH, LONG, MODELS, PERSON, PERSON_MADE, TOO_MANY, ZONE } from "./models.ts";

let stack: Stack;
let client: GoogleGenAI;
beforeAll(async () => {
  stack = await startStack();
  client = clientWith(KEY);
});
beforeEach(() => stack.sandbox.faults.clear());
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

const clientWith = (apiKey: string) =>
  new GoogleGenAI({ vertexai: false, apiKey, httpOptions: { baseUrl: stack.proxy.url } });

const TOOL: Tool = {
  functionDeclarations: ["clock", "weather"].map((name) => ({
    name,
    description: `Tells the ${name}.`,
    parametersJsonSchema: ZONE,
  })),
};
const NONCES: Record<string, string> = { clock: "NONCE_0815", weather: "NONCE_4711" };
/** What they thought must come back to them. */
const THINKING = { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_048 } };

/** The SDK's own `text` warns on the console of parts that are none. */
function textIn({ candidates = [] }: GenerateContentResponse): string {
  return candidates.flatMap(({ content }) => content?.parts?.map(({ text = "" }) => text) ?? []).join("");
}

describe.each(MODELS)("%s", (model) => {
  test("generateContent", async () => {
    const answer = await client.models.generateContent({
      model,
      contents: "Say: hello",
      config: { systemInstruction: "Be short." },
    });
    expect(answer.text).toBe("hello");
    expect(answer.modelVersion).toBe(model);
    expect(answer.candidates?.[0]).toMatchObject({ finishReason: "STOP", content: { role: "model" } });
    expect(answer.usageMetadata?.promptTokenCount).toBeGreaterThan(0);
    expect(answer.usageMetadata?.candidatesTokenCount).toBeGreaterThan(0);
  });

  test("generateContentStream adds up to what generateContent answers", async () => {
    const texts: string[] = [];
    const reasons: string[] = [];
    for await (const chunk of await client.models.generateContentStream({ model, contents: LONG })) {
      texts.push(chunk.text ?? "");
      reasons.push(...(chunk.candidates?.flatMap(({ finishReason }) => finishReason ?? []) ?? []));
    }
    const answer = await client.models.generateContent({ model, contents: LONG });
    expect(texts.filter((text) => text !== "").length).toBeGreaterThan(1);
    expect(texts.join("")).toBe(answer.text);
    expect(reasons).toEqual(["STOP"]);
  });

  test.each<[string, GenerateContentConfig]>([
    ["without thoughts", {}],
    ["with thoughts", model === "gpt-4.1" ? {} : THINKING],
  ])("two functions by hand, %s", async (_how, more) => {
    const config = { tools: [TOOL], ...more };
    const asked: Content = { role: "user", parts: [{ text: CALL_BOTH }] };
    const first = await client.models.generateContent({ model, contents: [asked], config });
    expect(first.functionCalls?.map(({ name, args }) => [name, args])).toEqual([
      ["clock", { zone: "sandbox" }],
      ["weather", { zone: "sandbox" }],
    ]);
    const said = first.candidates?.[0]?.content;
    const parts = (first.functionCalls ?? []).map(({ id, name = "" }) => ({
      functionResponse: { name, response: { output: NONCES[name] }, ...(id === undefined ? {} : { id }) },
    }));
    const contents = [asked, ...(said ? [said] : []), { role: "user", parts }];
    const second = await client.models.generateContent({ model, contents, config });
    expect(second.text).toContain("NONCE_0815");
    expect(second.text).toContain("NONCE_4711");
  });

  test.each([
    ["whole", false],
    ["streamed", true],
  ])("functions that the SDK calls by itself, %s", async (_how, stream) => {
    const called: string[] = [];
    const tool: CallableTool = {
      tool: async () => TOOL,
      callTool: async (calls) =>
        calls.map(({ id, name = "" }) => {
          called.push(name);
          return { functionResponse: { name, response: { output: NONCES[name] }, ...(id ? { id } : {}) } };
        }),
    };
    const params = { model, contents: CALL_BOTH, config: { tools: [tool] } };
    const texts: string[] = [];
    if (stream) {
      for await (const chunk of await client.models.generateContentStream(params)) texts.push(textIn(chunk));
    } else {
      texts.push((await client.models.generateContent(params)).text ?? "");
    }
    expect(called).toEqual(["clock", "weather"]);
    expect(texts.join("")).toContain("NONCE_0815 NONCE_4711");
  });

  test.each([
    ["responseJsonSchema", { responseJsonSchema: PERSON }],
    [
      "responseSchema",
      {
        responseSchema: {
          type: "OBJECT",
          properties: { name: { type: "STRING" }, age: { type: "INTEGER" } },
          required: ["name", "age"],
        },
      },
    ],
  ])("JSON of a %s", async (_how, schema) => {
    const config = { responseMimeType: "application/json", ...schema } as object;
    const answer = await client.models.generateContent({ model, contents: "Who?", config });
    expect(JSON.parse(answer.text ?? "")).toEqual(PERSON_MADE);
  });

  test("countTokens", async () => {
    const { totalTokens } = await client.models.countTokens({ model, contents: "Hello there" });
    expect(totalTokens).toBeGreaterThan(0);
  });

  test("a chat remembers", async () => {
    const chat = client.chats.create({ model });
    expect((await chat.sendMessage({ message: "Say: one" })).text).toBe("one");
    const texts: string[] = [];
    for await (const { text } of await chat.sendMessageStream({ message: "Say: two" }))
      texts.push(text ?? "");
    expect(texts.join("")).toBe("two");
    expect((await chat.sendMessage({ message: "Say: three" })).text).toBe("three");
    const [, ...followers] = chat
      .getHistory(true)
      .flatMap(({ parts }) => parts?.map(({ text }) => text) ?? []);
    expect(followers.join("")).toBe("oneSay: twotwoSay: threethree");
  });

  test("too many requests", async () => {
    stack.sandbox.faults.add(TOO_MANY);
    const failure = await client.models
      .generateContent({ model, contents: "Hi" })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 429, message: expect.stringContaining("Too many requests") });
  });

  test.each(["reset", "end"] as const)("a stream that breaks by %s throws", async (ending) => {
    stack.sandbox.faults.add({ afterEvents: 6, ending });
    const reasons: unknown[] = [];
    let text = "";
    const reading = async () => {
      for await (const chunk of await client.models.generateContentStream({ model, contents: LONG })) {
        text += chunk.text ?? "";
        reasons.push(...(chunk.candidates?.flatMap(({ finishReason }) => finishReason ?? []) ?? []));
      }
    };
    await expect(reading()).rejects.toThrow();
    expect(text).not.toBe("");
    expect(reasons).toEqual([]);
  });

  test("a wrong key", async () => {
    const wrong = clientWith("wrong").models.generateContent({ model, contents: "Hi" });
    await expect(wrong).rejects.toMatchObject({ status: 401 });
  });
});

test("a model that is not there", async () => {
  const asked = client.models.generateContent({ model: "gemini-none", contents: "Hi" });
  await expect(asked).rejects.toMatchObject({ status: 404 });
});

test("models in the list", async () => {
  const names: (string | undefined)[] = [];
  for await (const { name } of await client.models.list()) names.push(name);
  for (const model of MODELS) expect(names).toContain(`models/${model}`);
});
