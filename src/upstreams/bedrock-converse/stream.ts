import { BlockCursor } from "../../hub/block-cursor.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import type { HubEvent } from "../../hub/messages.ts";
import { stopReason } from "../bedrock-claude/stream.ts";
import { newMessageId, usageOf } from "./answer.ts";

/**
 * Converse's events as Messages' (protocol.md 4a.8): blocks are opened where Converse does not say so (text never has
 * a start), and the end waits for the usage, which comes behind the stop reason.
 */
export class ConverseStream {
  readonly #cursor = new BlockCursor();
  #started = false;
  #stopReason: string | undefined;

  /** What one event makes known; events of a kind that we do not know make nothing known. */
  event(event: JsonObject): JsonObject[] {
    const { contentBlockStart, contentBlockDelta, contentBlockStop, messageStop, metadata } = event;
    if (event.messageStart !== undefined) return this.#start();
    if (isObject(contentBlockStart)) return this.#open(contentBlockStart);
    if (isObject(contentBlockDelta)) return this.#add(contentBlockDelta);
    if (isObject(contentBlockStop)) return this.#told(this.#cursor.finish(keyOf(contentBlockStop)));
    if (isObject(messageStop)) {
      this.#stopReason = String(messageStop.stopReason);
      return [...this.#start(), ...this.#told(this.#cursor.close())];
    }
    return isObject(metadata) ? this.#end(usageOf(metadata.usage)) : [];
  }

  /** The upstream has ended. A stream that told why it stops is complete without its usage; any other is not. */
  end(): JsonObject[] {
    return this.#end(usageOf(undefined));
  }

  #end(usage: JsonObject): JsonObject[] {
    if (this.#stopReason === undefined) return [];
    const delta = { stop_reason: stopReason(this.#stopReason), stop_sequence: null };
    return [{ type: "message_delta", delta, usage }, { type: "message_stop" }];
  }

  #start(): JsonObject[] {
    if (this.#started) return [];
    this.#started = true;
    const message = {
      id: newMessageId(),
      type: "message",
      role: "assistant",
      model: "",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: usageOf(undefined),
    };
    return [{ type: "message_start", message }];
  }

  #open(event: JsonObject): JsonObject[] {
    const { toolUse } = isObject(event.start) ? event.start : {};
    if (!isObject(toolUse)) return this.#start();
    const { toolUseId, name } = toolUse;
    const begin = () => ({ type: "tool_use", id: String(toolUseId), name: String(name), input: {} }) as const;
    return [...this.#start(), ...this.#told(this.#cursor.writeTool(keyOf(event), begin, []))];
  }

  #add(event: JsonObject): JsonObject[] {
    return [...this.#start(), ...this.#told(this.#deltas(event))];
  }

  #deltas(event: JsonObject): HubEvent[] {
    const { text, toolUse } = isObject(event.delta) ? event.delta : {};
    const key = keyOf(event);
    if (typeof text === "string" && text !== "") {
      return this.#cursor.write(key, () => ({ type: "text", text: "" }), [{ type: "text_delta", text }]);
    }
    if (!isObject(toolUse) || typeof toolUse.input !== "string") return [];
    const delta = { type: "input_json_delta", partial_json: toolUse.input } as const;
    const unnamed = () => ({ type: "tool_use", id: key, name: "unknown_tool", input: {} }) as const;
    return this.#cursor.writeTool(key, unnamed, [delta]);
  }

  #told(events: HubEvent[]): JsonObject[] {
    return events as unknown as JsonObject[];
  }
}

/** Which block an event is about. Some writers put the index inside what the event tells (protocol.md 4a.8). */
function keyOf(event: JsonObject): string {
  const inner = [event.start, event.delta].find(isObject);
  return String(event.contentBlockIndex ?? inner?.contentBlockIndex ?? 0);
}
