import { type Block, blocksOf, type HubMessage, type ToolUseBlock } from "../../hub/messages.ts";

/** An assistant's message, and the results of its calls, which stand right behind it. */
interface Turn {
  said: Block[];
  results: Block[];
}

/**
 * The history of a Responses request, where every thought, text, call and result is an item of its own, as messages:
 * what the model did in one go is one assistant message, and the results of its calls are the user message behind it,
 * wherever they stood.
 */
export class Turns {
  readonly #entries: (Turn | HubMessage)[] = [];
  /** The turn of each call that waits for its result. */
  readonly #waiting = new Map<string, Turn>();

  /** A user's or system message. */
  add(message: HubMessage): void {
    if (blocksOf(message.content).length > 0) this.#entries.push(message);
  }

  /** What the assistant thought, said or called; goes on with its turn unless something came between. */
  say(blocks: Block[]): void {
    if (blocks.length === 0) return;
    const last = this.#entries.at(-1);
    const turn = last && "said" in last && last.results.length === 0 ? last : { said: [], results: [] };
    if (turn !== last) this.#entries.push(turn);
    turn.said.push(...blocks);
    for (const { id } of blocks.filter(isCall)) this.#waiting.set(id, turn);
  }

  /** The result of a call; one whose call is gone, or was answered already, stays as the user's words. */
  answer(id: string, content: string | Block[]): void {
    const turn = this.#waiting.get(id);
    if (turn) {
      this.#waiting.delete(id);
      turn.results.push({ type: "tool_result", tool_use_id: id, content });
      return;
    }
    const heading: Block = { type: "text", text: "Result of an earlier tool call:" };
    if (blocksOf(content).length > 0) this.add({ role: "user", content: [heading, ...blocksOf(content)] });
  }

  /** A turn that was broken off while the model still thought is nothing that a model could go on from. */
  messages(): HubMessage[] {
    return this.#entries.flatMap((entry): HubMessage[] => {
      if (!("said" in entry)) return [entry];
      if (!entry.said.some(({ type }) => type === "text" || type === "tool_use")) return [];
      const results: HubMessage[] =
        entry.results.length > 0 ? [{ role: "user", content: entry.results }] : [];
      return [{ role: "assistant", content: entry.said }, ...results];
    });
  }
}

function isCall(block: Block): block is ToolUseBlock {
  return block.type === "tool_use";
}
