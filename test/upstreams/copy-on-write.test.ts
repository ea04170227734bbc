/** The relay sends the original bytes of whatever kept its identity: what needs no change must keep it. */
import { describe, expect, test } from "vitest";
import { isObject, type Json, type JsonObject } from "../../src/hub/json.ts";
import { bedrockClaude } from "../../src/upstreams/bedrock-claude/index.ts";
import {
  assistant,
  BODY,
  callFor,
  frozen,
  OPUS_46,
  TOOL,
  text,
  thinking,
  toolResult,
  toolUse,
  user,
} from "./request.ts";

const HISTORY = [
  user(text("Go.")),
  assistant(thinking, toolUse("a")),
  user(toolResult("a", [text("1")]), text("So?")),
];
const prepare = (body: JsonObject): JsonObject => bedrockClaude.prepare(frozen(body), callFor(OPUS_46));
const at = (value: Json | undefined, ...path: (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isObject(inner) ? inner[key] : undefined;
  }, value);

describe("copy-on-write", () => {
  test("a legal body is returned itself", () => {
    const body = frozen({ ...BODY, messages: HISTORY, thinking: { type: "adaptive" } });
    expect(prepare(body)).toBe(body);
  });

  test("members that need no change keep their identity when others do", () => {
    const body = {
      ...BODY,
      messages: HISTORY,
      model: "m",
      stream: true,
      thinking: { type: "adaptive", display: "updates" },
    };
    const out = prepare(body);
    for (const member of ["messages", "tools", "system"]) expect(out[member]).toBe(at(body, member));
  });

  test("messages keep it when another message changes, blocks when another block does", () => {
    const messages = [...HISTORY.slice(0, 2), user(toolResult("a"), text(" "), text("So?"))];
    const body = { ...BODY, messages };
    const out = prepare(body).messages;
    expect(at(out, 0)).toBe(messages[0]);
    expect(at(out, 1)).toBe(messages[1]);
    expect(at(out, 2, "content", 0)).toBe(at(messages, 2, "content", 0));
    expect(at(out, 2, "content", 1)).toBe(at(messages, 2, "content", 2));
  });

  test("tools keep it when another tool changes, and a rebuilt tool keeps its schema", () => {
    const strict: JsonObject = { ...TOOL, name: "b", strict: true };
    const body = { ...BODY, tools: [TOOL, strict] };
    const out = prepare(body).tools;
    expect(at(out, 0)).toBe(TOOL);
    expect(at(out, 1, "input_schema")).toBe(strict.input_schema);
  });
});
