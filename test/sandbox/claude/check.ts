/** How the tables ask the sandbox for its verdict. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/hub/json.ts";
import { checkRequest } from "../../../src/sandbox/claude/request.ts";
import { CLAUDE_MODELS } from "../../../src/sandbox/models.ts";
import { body, type Patch, user } from "./bodies.ts";

/** What is wrong, how to spoil a valid body with it, a part of the complaint, and the model if not 4.6-opus. */
export type Row = [name: string, patch: Patch, message: string, model?: string];

export const EXTRA = "Extra inputs are not permitted";

/** A body whose only message is this. */
export const said = (...content: unknown[]): Patch => ({ messages: [user(...content)] });

/** The sandbox's own check of a body, for `4.6-opus` and the like. */
export function check(value: JsonObject, variant: string, unknownBetas: string[] = []) {
  const model = `anthropic--claude-${variant}`;
  const rules = CLAUDE_MODELS[model];
  if (rules === undefined) throw new Error(`no such model: ${model}`);
  return checkRequest(value, model, rules, unknownBetas);
}

/** One test for each row. */
export function refuses(what: string, rows: Row[]): void {
  describe(`refuses: ${what}`, () => {
    test.each(rows)("%s", (_name, patch, message, model = "4.6-opus") => {
      expect(() => check(body(patch), model)).toThrow(message);
    });
  });
}
