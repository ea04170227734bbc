/** The grammar of a Responses stream, as the OpenAI SDK's accumulator and Codex read it (clients.md 2.4 and 5). */
import { expect } from "vitest";
import { isObject, type JsonObject } from "../../../src/hub/json.ts";
import type { Frame } from "../../../src/hub/wire.ts";

const PREFIXES: Record<string, string> = {
  message: "msg_",
  reasoning: "rs_",
  function_call: "fc_",
  custom_tool_call: "ctc_",
};
const TERMINAL = ["response.completed", "response.incomplete"];

interface Open {
  item: JsonObject;
  /** Text by part, as the deltas tell it. */
  parts: Map<string, string>;
  /** The part that is open. */
  part: string | undefined;
  /** Whether deltas came that no `done` has summed up. */
  pending: boolean;
}

/**
 * The final response of a stream that keeps every rule; the whole text of a delta's part must be that of its `done`,
 * and the output of the last event that of the `output_item.done` events.
 */
export function checkStream(frames: readonly Frame[]): JsonObject {
  const events = frames.map(({ event, data }, index): JsonObject => {
    const parsed = JSON.parse(data) as JsonObject;
    expect(event).toBe(parsed.type);
    expect(parsed.sequence_number).toBe(index);
    return parsed;
  });
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(["response.created", "response.in_progress"]);
  const last = events.at(-1) as JsonObject;
  expect(TERMINAL).toContain(last.type);
  const output: JsonObject[] = [];
  let open: Open | undefined;
  for (const event of events.slice(2, -1)) open = step(event, open, output);
  expect(open).toBeUndefined();
  const [opening, final] = [events[0], last].map((event) => responseOf(event));
  expect(opening).toMatchObject({ id: final?.id, status: "in_progress", output: [], usage: null });
  expect(final).toMatchObject({ output, object: "response", status: String(last.type).slice(9) });
  expect(final?.usage).toMatchObject({ total_tokens: expect.any(Number) });
  return final ?? {};
}

function responseOf(event: JsonObject | undefined): JsonObject {
  if (!isObject(event?.response)) throw new Error(`${String(event?.type)} has no response`);
  return event.response;
}

function step(event: JsonObject, open: Open | undefined, output: JsonObject[]): Open | undefined {
  const type = String(event.type).replace(/^response\./, "");
  expect(event.output_index).toBe(output.length);
  if (type === "output_item.added") {
    expect(open).toBeUndefined();
    const item = event.item as JsonObject;
    expect(item.id).toMatch(new RegExp(`^${PREFIXES[String(item.type)]}.{1,60}$`));
    return { item, parts: new Map(), part: undefined, pending: false };
  }
  if (!open) throw new Error(`${type} outside of an item`);
  if (type === "output_item.done") {
    expect([open.part, open.pending]).toEqual([undefined, false]);
    const item = event.item as JsonObject;
    expect({ ...item, ...textless(item) }).toMatchObject(textless(open.item));
    expect(textOfItem(item)).toEqual([...open.parts.values()].join(""));
    output.push(item);
    return undefined;
  }
  expect(event.item_id).toBe(open.item.id);
  readPart(type, event, open);
  return open;
}

const ONLY_PART: Record<string, string> = {
  function_call_arguments: "arguments",
  custom_tool_call_input: "input",
};

function readPart(type: string, event: JsonObject, open: Open): void {
  const [group = "", verb] = type.split(".");
  const key = `${event.content_index ?? event.summary_index ?? ONLY_PART[group]}`;
  if (group.endsWith("part")) {
    expect([open.part, open.pending]).toEqual([verb === "added" ? undefined : key, false]);
    if (verb === "added") open.parts.set(key, "");
    else expect((event.part as JsonObject).text).toBe(open.parts.get(key));
    open.part = verb === "added" ? key : undefined;
    return;
  }
  if (!(group in ONLY_PART)) expect(open.part).toBe(key);
  open.pending = verb === "delta";
  if (verb === "delta") open.parts.set(key, (open.parts.get(key) ?? "") + String(event.delta));
  else expect(event.text ?? event.arguments ?? event.input).toBe(open.parts.get(key) ?? "");
}

/** What an item has from its first event on. */
function textless({
  content: _,
  summary: __,
  arguments: ___,
  input: ____,
  status: _____,
  ...rest
}: JsonObject): JsonObject {
  return rest;
}

function textOfItem({ content, summary, arguments: written, input }: JsonObject): string {
  const parts = [content, summary].find((list) => Array.isArray(list)) as JsonObject[] | undefined;
  return parts ? parts.map(({ text }) => text).join("") : String(written ?? input);
}
