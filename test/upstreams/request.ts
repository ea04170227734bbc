/** Requests for the tests of this folder: a small legal body, and what `prepare` makes of a change to it. */
import { expect } from "vitest";
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { checkRequest } from "../../src/sandbox/claude/request.ts";
import { seal, sign } from "../../src/sandbox/claude/signature.ts";
import { CLAUDE_MODELS } from "../../src/sandbox/models.ts";
import { bedrockClaude } from "../../src/upstreams/bedrock-claude/index.ts";
import type { Call } from "../../src/upstreams/types.ts";

export const SONNET_45 = "anthropic--claude-4.5-sonnet";
export const OPUS_46 = "anthropic--claude-4.6-opus";
export const OPUS_48 = "anthropic--claude-4.8-opus";
export const HAIKU_3 = "anthropic--claude-3-haiku";

export const TOOL: JsonObject = {
  name: "read_file",
  description: "Reads a file.",
  input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

/** Legal as it stands: `prepare` changes nothing in it. */
export const BODY: JsonObject = {
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 4000,
  system: [{ type: "text", text: "You help.", cache_control: { type: "ephemeral" } }],
  messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
  tools: [TOOL],
};

export interface TestCall extends Call {
  notes: string[];
}

export function callFor(model: string, options: Partial<Call> = {}): TestCall {
  const notes: string[] = [];
  return {
    model,
    stream: true,
    capabilities: capabilitiesOf(model),
    betas: [],
    learned: new Set(),
    note: (text) => notes.push(text),
    ...options,
    notes,
  };
}

/**
 * `BODY` with these members (undefined takes one away), deep-frozen and prepared. Whatever it is about, each outcome
 * has to be accepted by the sandbox, and to be returned itself when it is prepared again.
 */
export function prepared(
  change: Record<string, Json | undefined>,
  call: Call = callFor(OPUS_46),
): JsonObject {
  const body = preparedUnchecked(change, call);
  const again = bedrockClaude.prepare(frozen(body), { ...call, note: () => {} });
  expect(again).toEqual(body);
  expect(again, "the same object").toBe(body);
  const rules = CLAUDE_MODELS[call.model];
  if (rules !== undefined) checkRequest(body, call.model, rules);
  return body;
}

/** For what the upstream has to refuse, because only it can say whether it is wrong. */
export function preparedUnchecked(
  change: Record<string, Json | undefined>,
  call: Call = callFor(OPUS_46),
): JsonObject {
  const members = Object.entries({ ...BODY, ...change });
  const given = members.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return bedrockClaude.prepare(frozen(Object.fromEntries(given)), call);
}

export function frozen<T extends Json>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}

export const user = (...content: Json[]): JsonObject => ({ role: "user", content });
export const assistant = (...content: Json[]): JsonObject => ({ role: "assistant", content });
export const text = (words: string): JsonObject => ({ type: "text", text: words });
export const toolUse = (id: string): JsonObject => ({
  type: "tool_use",
  id,
  name: "read_file",
  input: { path: id },
});
export const toolResult = (id: string, content: Json = "done"): JsonObject => ({
  type: "tool_result",
  tool_use_id: id,
  content,
});
export const thinking: JsonObject = { type: "thinking", thinking: "Hm.", signature: sign("Hm.") };
export const sealedThinking: JsonObject = { type: "redacted_thinking", data: seal("Hm.") };
