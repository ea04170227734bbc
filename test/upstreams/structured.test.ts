import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { bedrockClaude } from "../../src/upstreams/bedrock-claude/index.ts";
import {
  structuredEvent,
  structuredStart,
  unwrapStructuredMessage,
} from "../../src/upstreams/bedrock-claude/structured-answer.ts";
import {
  STRUCTURED_OUTPUT_TOOL,
  structuredOutput,
} from "../../src/upstreams/bedrock-claude/structured-request.ts";
import { callFor, OPUS_46, prepared, TOOL, text } from "./request.ts";

const SCHEMA = {
  type: "object",
  properties: { title: { type: "string" } },
  required: ["title"],
  additionalProperties: false,
};
const FORMAT = { type: "json_schema", schema: SCHEMA };
const ANSWER_TOOL = expect.objectContaining({ name: STRUCTURED_OUTPUT_TOOL, input_schema: SCHEMA });
const FORCED = { type: "tool", name: STRUCTURED_OUTPUT_TOOL, disable_parallel_tool_use: true };
const answer = (input?: JsonObject): JsonObject => ({
  type: "tool_use",
  id: "t",
  name: STRUCTURED_OUTPUT_TOOL,
  ...(input && { input }),
});

describe("structured output as a forced tool", () => {
  test("the format becomes a tool that the model must call; the effort stays", () => {
    const body = prepared({ tools: [], output_config: { effort: "low", format: FORMAT } });
    expect(body).toMatchObject({
      tools: [ANSWER_TOOL],
      tool_choice: FORCED,
      output_config: { effort: "low" },
    });
    expect(JSON.stringify(body)).not.toContain("json_schema");
  });

  test("the older output_format does too", () => {
    const body = prepared({ tools: undefined, output_format: FORMAT });
    expect(body).toMatchObject({ tools: [ANSWER_TOOL], tool_choice: FORCED });
    expect(body).not.toHaveProperty("output_format");
  });

  test.each([
    ["beside other tools the model may call any", undefined, { type: "any" }],
    ["also when the client said auto", { type: "auto" }, { type: "any" }],
    [
      "a tool that the client forces comes first",
      { type: "tool", name: "read_file" },
      { type: "tool", name: "read_file" },
    ],
    ["with none there is only the answer", { type: "none" }, FORCED],
  ])("%s", (_name, choice, expected) => {
    const body = prepared({ tool_choice: choice, output_config: { format: FORMAT } });
    expect(body).toMatchObject({ tools: [TOOL, ANSWER_TOOL], tool_choice: expected });
  });

  test("thinking gives way, and that is told", () => {
    const call = callFor(OPUS_46);
    expect(
      prepared({ thinking: { type: "adaptive" }, output_config: { format: FORMAT } }, call),
    ).not.toHaveProperty("thinking");
    expect(call.notes).toEqual([expect.stringContaining("forces a tool")]);
  });

  test("a schema of something other than an object is dropped and told", () => {
    const call = callFor(OPUS_46);
    const format = { type: "json_schema", schema: { type: "array" } };
    expect(structuredOutput({ output_config: { format } })).toBeUndefined();
    expect(prepared({ output_config: { format } }, call)).toEqual(prepared({}));
    expect(call.notes).toEqual([expect.stringContaining("format")]);
  });
});

describe("structured answers", () => {
  test.each([
    [
      "the call becomes text and the turn's end",
      [answer({ title: "A" })],
      [text('{"title":"A"}')],
      "end_turn",
    ],
    ["without input it is an empty object", [answer()], [text("{}")], "end_turn"],
    [
      "beside a call of the client's the turn goes on",
      [answer({}), { ...answer({}), name: "read_file" }],
      [text("{}"), { ...answer({}), name: "read_file" }],
      "tool_use",
    ],
  ])("whole: %s", (_name, content, expected, stop) => {
    const message = unwrapStructuredMessage({ type: "message", content, stop_reason: "tool_use" });
    expect(message).toEqual({ type: "message", content: expected, stop_reason: stop });
  });

  test("whole: an answer cut by max_tokens still says so", () => {
    expect(unwrapStructuredMessage({ content: [answer({})], stop_reason: "max_tokens" })).toMatchObject({
      stop_reason: "max_tokens",
    });
  });

  const start = (index: number, content_block: JsonObject): JsonObject => ({
    type: "content_block_start",
    index,
    content_block,
  });
  const delta = (index: number, change: JsonObject): JsonObject => ({
    type: "content_block_delta",
    index,
    delta: change,
  });
  const stop = (index: number): JsonObject => ({ type: "content_block_stop", index });
  const json = (partial_json: string): JsonObject => ({ type: "input_json_delta", partial_json });
  const textDelta = (words: string): JsonObject => ({ type: "text_delta", text: words });
  const end = (stop_reason: string): JsonObject => ({
    type: "message_delta",
    delta: { stop_reason },
    usage: { output_tokens: 3 },
  });

  /** All events of a stream, one after the other, through `structuredEvent`. */
  function stream(...events: JsonObject[]): JsonObject[] {
    let state = structuredStart;
    return events.flatMap((event) => {
      const next = structuredEvent(event, state);
      state = next.state;
      return next.events;
    });
  }

  test("streamed: the input's pieces are the text's", () => {
    const said = stream(
      start(0, answer({})),
      delta(0, json("")),
      delta(0, json('{"title":')),
      delta(0, json('"A"}')),
      stop(0),
      end("tool_use"),
    );
    expect(said).toEqual([
      start(0, text("")),
      delta(0, textDelta("")),
      delta(0, textDelta('{"title":')),
      delta(0, textDelta('"A"}')),
      stop(0),
      end("end_turn"),
    ]);
  });

  test("streamed: a call without input still is JSON", () => {
    expect(stream(start(0, answer({})), stop(0), end("tool_use"))).toEqual([
      start(0, text("")),
      delta(0, textDelta("{}")),
      stop(0),
      end("end_turn"),
    ]);
  });

  test("streamed: another tool's call passes, and the turn goes on", () => {
    const call = [
      start(0, { ...answer({}), name: "read_file" }),
      delta(0, json("{}")),
      stop(0),
      end("tool_use"),
    ];
    expect(stream(...call)).toEqual(call);
  });

  test("there is a way back only for a request that asked for it, each with a state of its own", () => {
    const wanted = { output_config: { format: FORMAT } };
    const [one, two] = [bedrockClaude.translation(wanted), bedrockClaude.translation(wanted)];
    expect(one?.event(start(0, answer({})))).toEqual([start(0, text(""))]);
    expect(two?.event(delta(0, json("{}")))).toEqual([delta(0, json("{}"))]);
    expect(one?.message({ content: [answer({})] })).toEqual({ content: [text("{}")] });
    expect(bedrockClaude.translation({ output_config: { effort: "low" } })).toBeUndefined();
  });
});
