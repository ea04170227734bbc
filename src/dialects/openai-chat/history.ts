import type { Json, JsonObject } from "../../hub/json.ts";

export interface Said {
  text: string;
  calls: JsonObject[];
  reasoning: Json[] | undefined;
}

/**
 * The messages of a chat request in the one order that its hosts take: behind an assistant's message with calls stand
 * its tool messages, one for each call, and nothing between (protocol.md 7.5 #72–#74). What a history says in between
 * waits until all calls are answered; a call without a result is answered here.
 */
export class History {
  readonly #messages: JsonObject[] = [];
  /** Ids of the last assistant message that have no result yet. */
  readonly #open = new Set<Json | undefined>();
  /** Whether a result of the last assistant message stands already. */
  #answered = false;
  #last: Said | undefined;
  #held: JsonObject[] = [];

  /** A system or user message. */
  add(message: JsonObject): void {
    if (this.#open.size > 0) this.#held.push(message);
    else this.#messages.push(message);
  }

  /** An assistant's message; one that follows its own unanswered calls is part of the same message. */
  say(said: Said): void {
    if (this.#last && this.#open.size > 0 && !this.#answered) {
      this.#messages.pop();
      this.#say(joined(this.#last, said));
    } else {
      this.#settle();
      this.#say(said);
    }
  }

  /** The result of a call, unless no such call waits for one. */
  answer(id: string, content: string): boolean {
    if (!this.#open.delete(id)) return false;
    this.#answered = true;
    this.#messages.push({ role: "tool", tool_call_id: id, content });
    return true;
  }

  /** What was held back comes out once every call has its result. */
  release(): void {
    if (this.#open.size > 0) return;
    this.#messages.push(...this.#held);
    this.#held = [];
  }

  finish(): JsonObject[] {
    this.#settle();
    return this.#messages;
  }

  #say(said: Said): void {
    const { text, calls, reasoning } = said;
    this.#last = said;
    this.#answered = false;
    for (const { id } of calls) this.#open.add(id);
    this.#messages.push({
      role: "assistant",
      content: text === "" && calls.length > 0 ? null : text,
      ...(reasoning && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    });
  }

  #settle(): void {
    for (const id of [...this.#open]) this.answer(String(id), "The call was cancelled.");
    this.release();
    this.#last = undefined;
  }
}

function joined(first: Said, second: Said): Said {
  const reasoning = [...(first.reasoning ?? []), ...(second.reasoning ?? [])];
  return {
    text: [first.text, second.text].filter((text) => text !== "").join("\n\n"),
    calls: [...first.calls, ...second.calls],
    reasoning: reasoning.length > 0 ? reasoning : undefined,
  };
}
