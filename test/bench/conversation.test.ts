import { expect, test } from "vitest";
import { longConversation, longConversationToClean, newConversation } from "../../bench/conversation.ts";
import { type Body, toClient } from "../../bench/requests.ts";
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import { prepare } from "../../src/upstreams/bedrock-claude/prepare.ts";

const MODEL = "anthropic--claude-4.6-sonnet";

function prepared(conversation: Body): { before: JsonObject; after: JsonObject } {
  const before = toClient(conversation, MODEL, false) as JsonObject;
  const call = {
    model: MODEL,
    stream: false,
    capabilities: capabilitiesOf(MODEL),
    betas: [],
    learned: new Set<string>(),
  };
  return { before, after: prepare(before, { ...call, note: () => {} }) };
}

test("one long body needs changes at its top alone, the other inside system and messages", () => {
  for (const conversation of [longConversation, newConversation]) {
    const plain = prepared(conversation());
    expect(plain.after).not.toBe(plain.before);
    for (const part of ["system", "messages", "tools"]) expect(plain.after[part]).toBe(plain.before[part]);
  }
  const other = prepared(longConversationToClean());
  for (const part of ["system", "messages"]) expect(other.after[part]).not.toEqual(other.before[part]);
});

test.each([longConversation, longConversationToClean, newConversation])("%o has 540 KB", (conversation) => {
  const kilobytes = Buffer.byteLength(JSON.stringify(conversation())) / 1000;
  expect(Math.round(kilobytes / 10)).toBe(54);
});
