import { describe, expect, test } from "vitest";
import { BlockCursor } from "../../src/hub/block-cursor.ts";
import type { Delta, HubEvent } from "../../src/hub/messages.ts";

/** `t:a` writes text a, `1:x` writes x to tool call 1, `1!` finishes it, `.` closes. */
function tell(script: string): string {
  const cursor = new BlockCursor();
  return script
    .split(" ")
    .flatMap((step) => play(cursor, step))
    .map(show)
    .join(" ");
}

function play(cursor: BlockCursor, step: string): HubEvent[] {
  if (step === ".") return cursor.close();
  if (step.endsWith("!")) return cursor.finish(step.slice(0, -1));
  const [key = "", text = ""] = step.split(":");
  if (key === "t")
    return cursor.write(key, () => ({ type: "text", text: "" }), [{ type: "text_delta", text }]);
  const begin = () => ({ type: "tool_use" as const, id: key, name: key, input: {} });
  const deltas: Delta[] = text === "" ? [] : [{ type: "input_json_delta", partial_json: text }];
  return cursor.writeTool(key, begin, deltas);
}

function show(event: HubEvent): string {
  if (event.type === "content_block_start") {
    return `${event.index}[${event.content_block.type === "tool_use" ? event.content_block.id : "t"}`;
  }
  if (event.type === "content_block_delta") {
    return event.delta.type === "text_delta"
      ? event.delta.text
      : `{${"partial_json" in event.delta ? event.delta.partial_json : ""}}`;
  }
  return event.type === "content_block_stop" ? `]${event.index}` : "?";
}

describe("block borders", () => {
  test.each([
    ["one text", "t:a t:b .", "0[t a b ]0"],
    ["text, then a call", "t:a 1:x .", "0[t a ]0 1[1 {x} ]1"],
    ["calls one after another", "1:x 1! 2:y 2! .", "0[1 {x} ]0 1[2 {y} ]1"],
    ["calls without an end of their own", "1:x 2:y .", "0[1 {x} ]0 1[2 {y} ]1"],
    ["interleaved calls", "1:a 2:x 1:b 2:y 1:c .", "0[1 {a} {b} {c} ]0 1[2 {x} {y} ]1"],
    ["three interleaved calls", "1:a 2:x 3:m 2:y 1:b 3:n .", "0[1 {a} {b} ]0 1[2 {x} {y} ]1 2[3 {m} {n} ]2"],
    ["a waiting call goes live once its turn comes", "1:a 2:x 1! 2:y 2! .", "0[1 {a} ]0 1[2 {x} {y} ]1"],
    [
      "a waiting call that is finished comes out whole",
      "1:a 2:x 2! 3:m 1! 3:n .",
      "0[1 {a} ]0 1[2 {x} ]1 2[3 {m} {n} ]2",
    ],
    ["text after calls waits for them all", "1:a 2:x t:z .", "0[1 {a} ]0 1[2 {x} ]1 2[t z ]2"],
    ["a call without arguments", "1: .", "0[1 ]0"],
    ["nothing", ".", ""],
  ])("%s", (_name, script, expected) => {
    expect(tell(script)).toBe(expected);
  });
});
