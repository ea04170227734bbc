/** Where schemas go: Google's own message, JSON Schema, or the reduction of one to the other (protocol.md 7.7 #104). */
import { describe, expect, test } from "vitest";
import { isObject, type Json, type JsonObject } from "../../src/hub/json.ts";
import { callFor, FLASH_35, prepared } from "./gemini-request.ts";

const OPENAPI = { learned: new Set(["schema:openapi"]) };

function declare(members: JsonObject, options = {}): JsonObject {
  const tools = [{ functionDeclarations: [{ name: "a", ...members }] }];
  const [tool] = prepared({ tools }, callFor(FLASH_35, options)).tools as {
    functionDeclarations: JsonObject[];
  }[];
  const { name: _name, ...schema } = tool?.functionDeclarations[0] ?? {};
  return schema;
}

describe("JSON Schema has a member of its own", () => {
  const own = { type: "OBJECT", properties: { a: { type: "STRING", nullable: true, format: "date-time" } } };
  test.each<[string, JsonObject, JsonObject]>([
    ["Google's own stays", { parameters: own }, { parameters: own }],
    ["JSON Schema stays", { parametersJsonSchema: { const: 1 } }, { parametersJsonSchema: { const: 1 } }],
    [
      "of both JSON Schema stays",
      { parameters: own, parametersJsonSchema: {} },
      { parametersJsonSchema: {} },
    ],
    ["no parameters at all", { parameters: null as unknown as JsonObject }, {}],
    [
      "const moves",
      { parameters: { type: "OBJECT", properties: { a: { type: "STRING", const: "x", nullable: true } } } },
      {
        parametersJsonSchema: { type: "object", properties: { a: { type: ["string", "null"], const: "x" } } },
      },
    ],
    [
      "so do additionalProperties",
      { parameters: { type: "object", additionalProperties: { type: "INTEGER" }, min_properties: "1" } },
      {
        parametersJsonSchema: { type: "object", additionalProperties: { type: "integer" }, minProperties: 1 },
      },
    ],
  ])("%s", (_name, given, expected) => {
    expect(declare(given)).toEqual(expected);
  });

  test("the answer's schema likewise", () => {
    const asked = { responseMimeType: "application/json", responseSchema: { const: "a" } };
    expect(prepared({ generationConfig: asked }).generationConfig).toEqual({
      responseMimeType: "application/json",
      responseJsonSchema: { const: "a" },
    });
  });
});

describe("reduced, for a deployment that knows only its own message", () => {
  const reduced = (one: Json, more: JsonObject = {}) => {
    const schema = { type: "object", properties: { one }, ...more };
    const { parameters } = declare({ parametersJsonSchema: schema }, OPENAPI);
    return isObject(parameters) && isObject(parameters.properties) ? parameters.properties.one : undefined;
  };
  test.each<[string, JsonObject, JsonObject]>([
    ["const", { const: "x" }, { type: "string", enum: ["x"] }],
    ["an enum of numbers", { type: "integer", enum: [1, 2] }, { type: "integer" }],
    ["a list of types", { type: ["string", "null"] }, { type: "string", nullable: true }],
    ["oneOf", { oneOf: [{ type: "string" }, { const: 1 }] }, { anyOf: [{ type: "string" }, {}] }],
    [
      "allOf",
      {
        allOf: [
          { properties: { a: { type: "string" } }, required: ["a"] },
          { properties: { b: {} }, required: ["b"] },
        ],
      },
      { properties: { a: { type: "string" }, b: {} }, required: ["a", "b"] },
    ],
    ["a reference", { $ref: "#/$defs/path", description: "d" }, { type: "string", description: "d" }],
    ["a reference to nothing", { $ref: "#/$defs/none" }, {}],
    ["a list without items", { type: "array" }, { type: "array", items: {} }],
    ["what says less", { type: "string", $comment: "c", additionalProperties: false }, { type: "string" }],
  ])("%s", (_name, given, expected) => {
    expect(reduced(given, { $defs: { path: { type: "string" } } })).toEqual(expected);
  });

  test("a schema that refers to itself comes to an end", () => {
    const schema = { type: "object", properties: { next: { $ref: "#" } } };
    expect(JSON.stringify(declare({ parametersJsonSchema: schema }, OPENAPI)).length).toBeLessThan(5_000);
  });
});
