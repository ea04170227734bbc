import { type Block, type Delta, type HubAnswer, type HubEvent, noUsage } from "./messages.ts";
import { parseToolInput } from "./tool-input.ts";

/**
 * Folds the events of a stream into the answer that they tell. `add` takes them one by one; `answer` is what has
 * come so far, and complete once `message_stop` was added.
 */
export class Collector {
  readonly answer: HubAnswer = { id: "", model: "", content: [], stop_reason: "end_turn", usage: noUsage() };
  complete = false;
  #json = "";

  add(event: HubEvent): void {
    const { answer } = this;
    switch (event.type) {
      case "message_start":
        Object.assign(answer, event.message);
        break;
      case "content_block_start":
        answer.content.push({ ...event.content_block });
        this.#json = "";
        break;
      case "content_block_delta":
        this.#extend(answer.content.at(-1), event.delta);
        break;
      case "content_block_stop":
        this.#finish(answer.content.at(-1));
        break;
      case "message_delta":
        Object.assign(answer, event.delta, { usage: event.usage });
        break;
      case "message_stop":
        this.complete = true;
    }
  }

  #extend(block: Block | undefined, delta: Delta): void {
    if (delta.type === "input_json_delta") this.#json += delta.partial_json;
    else if (block?.type === "text" && delta.type === "text_delta") block.text += delta.text;
    else if (block?.type === "thinking" && delta.type === "thinking_delta") block.thinking += delta.thinking;
    else if (block?.type === "thinking" && delta.type === "signature_delta")
      block.signature = delta.signature;
  }

  #finish(block: Block | undefined): void {
    if (block?.type === "tool_use" && this.#json !== "") block.input = parseToolInput(this.#json);
  }
}

/** The answer as the stream that would have told it, for clients that asked for one and hosts that do not stream. */
export function explode(answer: HubAnswer): HubEvent[] {
  const { id, model, content, stop_reason, stop_sequence, usage } = answer;
  return [
    { type: "message_start", message: { id, model, usage } },
    ...content.flatMap(explodeBlock),
    {
      type: "message_delta",
      delta: { stop_reason, ...(stop_sequence === undefined ? {} : { stop_sequence }) },
      usage,
    },
    { type: "message_stop" },
  ];
}

function explodeBlock(block: Block, index: number): HubEvent[] {
  const [empty, deltas] = unfold(block);
  return [
    { type: "content_block_start", index, content_block: empty },
    ...deltas.map((delta): HubEvent => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function unfold(block: Block): [empty: Block, deltas: Delta[]] {
  switch (block.type) {
    case "text":
      return [{ ...block, text: "" }, [{ type: "text_delta", text: block.text }]];
    case "thinking": {
      const signature: Delta[] = block.signature
        ? [{ type: "signature_delta", signature: block.signature }]
        : [];
      return [
        { type: "thinking", thinking: "" },
        [{ type: "thinking_delta", thinking: block.thinking }, ...signature],
      ];
    }
    case "tool_use": {
      const partial_json = JSON.stringify(block.input);
      return [{ ...block, input: {} }, [{ type: "input_json_delta", partial_json }]];
    }
    default:
      return [block, []];
  }
}
