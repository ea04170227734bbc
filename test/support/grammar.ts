/** The grammar of a Messages stream, as strict as the strictest client: what breaks it throws. */
import { isObject, type JsonObject } from "../../src/hub/json.ts";

export interface StreamEvent {
  name: string;
  data: JsonObject;
}

export interface CheckedStream {
  events: StreamEvent[];
  /** The message that the events make; its last blocks are unfinished when the stream broke. */
  message: JsonObject;
  pings: number;
  /** The `error` of the `error` event that ended the stream, if one did. */
  error?: JsonObject;
  complete: boolean;
}

/** Frames as the proxy writes them: an `event:` line, one `data:` line, a blank line, and nothing else. */
export function eventsOf(text: string): StreamEvent[] {
  const frames = text.split("\n\n");
  if (frames.pop() !== "") throw new Error(`the stream ends inside a frame: …${text.slice(-80)}`);
  return frames.map((frame) => {
    const [, name, json] = /^event: (\w+)\ndata: (\{.*\})$/.exec(frame) ?? [];
    if (name === undefined || json === undefined) throw new Error(`not a frame: ${JSON.stringify(frame)}`);
    const data = JSON.parse(json) as JsonObject;
    if (data.type !== name) throw new Error(`event: ${name} with data of type ${String(data.type)}`);
    return { name, data };
  });
}

const FITS: Record<string, readonly string[]> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
  redacted_thinking: [],
};

/** Reads a stream to its end. Throws where it breaks the grammar; an end without a last event is a breach too. */
export function checkStream(text: string): CheckedStream {
  const events = eventsOf(text);
  const reader = new Reader();
  for (const { name, data } of events) reader.read(name, data);
  const complete = reader.state === "stopped";
  if (!complete && !reader.error) throw new Error(`the stream ends without its last event: ${reader.state}`);
  const pings = events.filter(({ name }) => name === "ping").length;
  return { events, message: reader.message, pings, complete, ...(reader.error && { error: reader.error }) };
}

class Reader {
  state: "begin" | "between" | "block" | "ending" | "stopped" | "failed" = "begin";
  message: JsonObject = {};
  error: JsonObject | undefined;
  #content: JsonObject[] = [];
  #json = "";

  read(name: string, data: JsonObject): void {
    if (this.error || this.state === "stopped") throw new Error(`${name} after the last event`);
    if (name === "ping") return;
    switch (`${this.state} ${name}`) {
      case "begin message_start":
        this.#start(data);
        return;
      case "between content_block_start":
        this.#open(data);
        return;
      case "block content_block_delta":
        this.#add(data);
        return;
      case "block content_block_stop":
        this.#close(data);
        return;
      case "between message_delta":
        this.#end(data);
        return;
      case "ending message_stop":
        if (Object.keys(data).length > 1)
          throw new Error(`message_stop has more to say: ${Object.keys(data)}`);
        this.state = "stopped";
        return;
    }
    if (name !== "error") throw new Error(`${name} is out of place: ${this.state}`);
    if (!isObject(data.error) || typeof data.error.type !== "string")
      throw new Error("an error without type");
    this.error = data.error;
  }

  #start({ message }: JsonObject): void {
    if (!isObject(message) || !isObject(message.usage)) throw new Error("message_start without a message");
    for (const count of ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]) {
      if (typeof message.usage[count] !== "number") throw new Error(`message_start without ${count}`);
    }
    this.message = { ...message, content: this.#content };
    this.state = "between";
  }

  #open({ index, content_block: block }: JsonObject): void {
    if (index !== this.#content.length) throw new Error(`block ${String(index)} is out of order`);
    if (!isObject(block) || !FITS[String(block.type)]) throw new Error("a block of no known type");
    this.#content.push({ ...block });
    this.#json = "";
    this.state = "block";
  }

  #add({ index, delta }: JsonObject): void {
    const block = this.#openBlock(index);
    if (!isObject(delta) || !FITS[String(block.type)]?.includes(String(delta.type))) {
      throw new Error(`a delta that does not fit a ${String(block.type)} block`);
    }
    if (delta.type === "input_json_delta") this.#json += String(delta.partial_json);
    else if (delta.type === "signature_delta") block.signature = delta.signature ?? "";
    else for (const key of ["text", "thinking"]) if (key in delta) block[key] = `${block[key]}${delta[key]}`;
  }

  #close({ index }: JsonObject): void {
    const block = this.#openBlock(index);
    if (block.type === "tool_use") block.input = JSON.parse(this.#json || "{}");
    if (block.type === "thinking" && !block.signature) throw new Error("thinking without a signature");
    this.state = "between";
  }

  #end({ delta, usage }: JsonObject): void {
    if (!isObject(delta) || typeof delta.stop_reason !== "string") throw new Error("no stop_reason");
    if (!isObject(usage) || typeof usage.output_tokens !== "number") throw new Error("no output_tokens");
    const before = this.message.usage as JsonObject;
    this.message = { ...this.message, ...delta, usage: { ...before, ...usage } };
    this.state = "ending";
  }

  #openBlock(index: unknown): JsonObject {
    const block = this.#content.at(-1);
    if (!block || index !== this.#content.length - 1) throw new Error(`block ${String(index)} is not open`);
    return block;
  }
}
