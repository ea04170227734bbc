/** Vertex's refusals and what is learnt of them; its chunks, as the Gemini API would send them. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { vertexGemini } from "../../src/upstreams/vertex-gemini/index.ts";
import { call, callFor, FLASH_25, FLASH_35, prepared, user } from "./gemini-request.ts";
import { frozen } from "./request.ts";

const unknown = (name: string, at: string) =>
  `Invalid JSON payload received. Unknown name "${name}"${at && ` at '${at}'`}: Cannot find field.`;

describe("learns", () => {
  test.each([
    [unknown("labels", ""), "field:labels"],
    [unknown("id", "contents[3].parts[0].function_call"), "field:contents.*.parts.*.functionCall.id"],
    [
      unknown("thinkingLevel", "generation_config.thinking_config"),
      "field:generationConfig.thinkingConfig.thinkingLevel",
    ],
    [unknown("parametersJsonSchema", "tools[0].function_declarations[0]"), "schema:openapi"],
    [unknown("response_json_schema", "generation_config"), "schema:openapi"],
    [unknown("parts", "contents[0]"), undefined],
    [unknown("functionCall", "contents[0].parts[0]"), undefined],
    ["Thinking level MINIMAL is not supported for this model.", "level:MINIMAL"],
    [
      "Thinking level is not supported for this model.",
      "field:generationConfig.thinkingConfig.thinkingLevel",
    ],
    [
      "thinking_budget is out of range; supported values are integers from 1 to 24576.",
      "field:generationConfig.thinkingConfig.thinkingBudget",
    ],
    [
      "Budget 0 is invalid. This model only works in thinking mode.",
      "field:generationConfig.thinkingConfig.thinkingBudget",
    ],
    ["Function calling with a response mime type: 'application/json' is unsupported", "json:without-tools"],
    ["Resource exhausted", undefined],
  ])("%s", (message, key) => {
    expect(vertexGemini.learn(400, message, callFor(FLASH_35))).toBe(key);
    expect(vertexGemini.learn(429, message, callFor(FLASH_35))).toBeUndefined();
    if (key === undefined) return;
    expect(
      vertexGemini.learn(400, message, callFor(FLASH_35, { learned: new Set([key]) })),
      "twice",
    ).toBeUndefined();
  });

  test("a field stays away", () => {
    const about = callFor(FLASH_35, {
      learned: new Set(["field:labels", "field:contents.*.parts.*.videoMetadata"]),
    });
    const contents = [user({ text: "a", videoMetadata: {} })];
    expect(prepared({ labels: { a: "b" }, contents }, about)).toMatchObject({
      contents: [user({ text: "a" })],
    });
    expect(about.notes).toEqual([
      "labels is left out: this deployment refused it",
      "contents.*.parts.*.videoMetadata is left out: this deployment refused it",
    ]);
  });

  test("tools are worth more than the form of the answer", () => {
    const about = callFor(FLASH_25, { learned: new Set(["json:without-tools"]) });
    const generationConfig = { responseMimeType: "application/json", responseJsonSchema: {}, seed: 1 };
    expect(prepared({ generationConfig }, about).generationConfig).toEqual({ seed: 1 });
    expect(prepared({ generationConfig, tools: undefined }, about).generationConfig).toEqual(
      generationConfig,
    );
  });
});

describe("events", () => {
  const candidates = (part: JsonObject) => [{ content: { role: "model", parts: [part] } }];
  test("what only Vertex says goes, and functions have the names that they were given", () => {
    const event = frozen({
      candidates: candidates(call("default_api:read_file")),
      usageMetadata: { promptTokenCount: 1, trafficType: "ON_DEMAND" },
      createTime: "2026-11-21T09:00:00Z",
      responseId: "r",
    });
    expect(vertexGemini.cleanEvent(event)).toEqual({
      candidates: candidates(call()),
      usageMetadata: { promptTokenCount: 1 },
      responseId: "r",
    });
  });

  test("an event that needs no change is returned itself", () => {
    const event = frozen({ candidates: candidates(call()), usageMetadata: { promptTokenCount: 1 } });
    expect(vertexGemini.cleanEvent(event)).toBe(event);
  });

  const error = (code: unknown, message = "m") => ({ error: { code, message, status: "X" } }) as JsonObject;
  test.each<[JsonObject, object | undefined]>([
    [error(429), { type: "rate_limit_error", message: "m", status: 429 }],
    [error(503), { type: "overloaded_error", message: "m", status: 503 }],
    [error("?"), { type: "api_error", message: "m", status: 500 }],
    [[error(400)] as unknown as JsonObject, { type: "invalid_request_error", message: "m", status: 400 }],
    [{ candidates: [] }, undefined],
  ])("%o", (event, expected) => {
    expect(vertexGemini.readStreamError(event)).toEqual(expected);
  });
});
