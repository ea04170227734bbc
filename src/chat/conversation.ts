/** A conversation in memory; nothing of it is written anywhere. */
import { type HubMessage, type HubRequest, type TextBlock, textOf } from "../hub/messages.ts";
import { ask, type Door, type Listener, type Reply } from "./ask.ts";
import type { ChatModel } from "./model.ts";

/** Tokens of an answer at most: a limit near a model's context window would leave no room for the question. */
const LONGEST_ANSWER = 32_000;
/** Tokens; the proxy turns it into what the model's own way of thinking is. */
const THINKING_BUDGET = 8_192;

export interface ConversationOptions {
  system?: string | undefined;
  /** Asks models that can to think first. */
  thinks?: boolean;
  /** Whether more questions follow, so that what was said is worth a place in the prompt cache. */
  goesOn?: boolean;
}

export class Conversation {
  readonly #door: Door;
  readonly #options: ConversationOptions;
  #messages: HubMessage[] = [];

  constructor(door: Door, options: ConversationOptions = {}) {
    this.#door = door;
    this.#options = options;
  }

  /**
   * Asks, and remembers question and answer. What went wrong or was stopped before its first word leaves no trace, so
   * that the next question finds a history in order.
   * @throws ApiError when there is no answer, or a broken one.
   */
  async say(text: string, model: ChatModel, listener: Listener): Promise<Reply> {
    const reply = await ask(this.#door, this.#question(text, model), listener);
    const words = textOf(reply.answer.content);
    if (words.trim() !== "") {
      // Thinking stays behind: its signature binds it to the model, and /model may bring another.
      this.#messages.push({ role: "user", content: text }, { role: "assistant", content: words });
    }
    return reply;
  }

  clear(): void {
    this.#messages = [];
  }

  #question(text: string, model: ChatModel): HubRequest {
    const { system, thinks, goesOn } = this.#options;
    const block: TextBlock = { type: "text", text };
    const cached: TextBlock = { ...block, cache_control: { type: "ephemeral" } };
    return {
      model: model.name,
      max_tokens: Math.min(model.maxOutputTokens, LONGEST_ANSWER),
      messages: [...this.#messages, { role: "user", content: [goesOn ? cached : block] }],
      ...(system ? { system } : {}),
      ...(thinks && model.canThink ? { thinking: { type: "enabled", budget_tokens: THINKING_BUDGET } } : {}),
    };
  }
}
