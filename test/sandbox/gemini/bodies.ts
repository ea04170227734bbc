/** Request bodies for the tables: a valid one, the pieces to spoil it with, and the sandbox's verdict. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/hub/json.ts";
import { checkRequest } from "../../../src/sandbox/gemini/request.ts";
import { signatureOf } from "../../../src/sandbox/gemini/signature.ts";
import type { Part } from "../../../src/sandbox/gemini/wire.ts";
import { GEMINI_MODELS } from "../../../src/sandbox/models.ts";

export const PRO_25 = "gemini-2.5-pro";
export const FLASH_25 = "gemini-2.5-flash";
export const FLASH_35 = "gemini-3.5-flash";

/** Keys to set on a valid body; `undefined` removes one. */
export type Patch = Record<string, unknown>;

export const user = (...parts: unknown[]) => ({ role: "user", parts });
export const model = (...parts: unknown[]) => ({ role: "model", parts });
export const text = (value: string) => ({ text: value });
export const call = (name = "read_file", args: JsonObject = { path: "a" }) => ({
  functionCall: { name, args },
});
export const signedCall = (name = "read_file", args: JsonObject = { path: "a" }): Part => {
  const part = call(name, args);
  return { ...part, thoughtSignature: signatureOf(part) };
};
export const answer = (name = "read_file", response: JsonObject = { output: "1" }) => ({
  functionResponse: { name, response },
});
export const declaration = (more: Patch = {}) => ({
  name: "read_file",
  description: "Reads a file.",
  parametersJsonSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
  ...more,
});
export const declares = (...functionDeclarations: unknown[]) => ({ tools: [{ functionDeclarations }] });
export const config = (generationConfig: Patch): Patch => ({ generationConfig });
export const thinking = (thinkingConfig: Patch): Patch => config({ thinkingConfig });
export const said = (...contents: unknown[]): Patch => ({ contents });

const VALID = {
  contents: [user(text("hello"))],
  systemInstruction: { parts: [text("Be brief.")] },
  ...declares(declaration()),
};

export function body(patch: Patch = {}): JsonObject {
  return JSON.parse(JSON.stringify({ ...VALID, ...patch })) as JsonObject;
}

export function check(value: JsonObject, name = FLASH_35) {
  const rules = GEMINI_MODELS[name];
  if (rules === undefined) throw new Error(`no such model: ${name}`);
  return checkRequest(value, rules);
}

/** What is wrong, how to spoil a valid body with it, a part of the complaint, and the model if not 3.5-flash. */
export type Row = [name: string, patch: Patch, message: string, model?: string];

export function refuses(what: string, rows: Row[]): void {
  describe(`refuses: ${what}`, () => {
    test.each(rows)("%s", (_name, patch, message, name = FLASH_35) => {
      expect(() => check(body(patch), name)).toThrow(message);
    });
  });
}

export function accepts(what: string, rows: [name: string, patch: Patch, model?: string][]): void {
  describe(`accepts: ${what}`, () => {
    test.each(rows)("%s", (_name, patch, name = FLASH_35) => {
      expect(() => check(body(patch), name)).not.toThrow();
    });
  });
}
