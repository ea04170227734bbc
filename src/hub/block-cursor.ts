import type { Block, Delta, HubEvent } from "./messages.ts";

interface Waiting {
  block: Block;
  deltas: Delta[];
  finished: boolean;
}

/**
 * Gives a stream its block borders. Most dialects only say which block a delta belongs to (the text, the third tool
 * call); the cursor opens it, closes the one before, and counts the indexes. Parallel tool calls may come interleaved:
 * while one is open, another waits, and comes out whole and in its turn.
 */
export class BlockCursor {
  #index = -1;
  #open: string | undefined;
  #openIsTool = false;
  readonly #waiting = new Map<string, Waiting>();

  /** Deltas of a block that stands alone (text, thinking): whatever is open is closed first, with all that waits. */
  write(key: string, begin: () => Block, deltas: Delta[]): HubEvent[] {
    if (this.#open === key) return this.#deltas(deltas);
    return [...this.close(), ...this.#begin(key, begin()), ...this.#deltas(deltas)];
  }

  /** Deltas of a tool call, which waits while another tool call is open. */
  writeTool(key: string, begin: () => Block, deltas: Delta[]): HubEvent[] {
    if (this.#open === key) return this.#deltas(deltas);
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.deltas.push(...deltas);
      return [];
    }
    if (this.#openIsTool) {
      this.#waiting.set(key, { block: begin(), deltas: [...deltas], finished: false });
      return [];
    }
    const events = [...this.close(), ...this.#begin(key, begin()), ...this.#deltas(deltas)];
    this.#openIsTool = true;
    return events;
  }

  /** The block is complete, where the dialect says so: the next one that waits takes its place. */
  finish(key: string): HubEvent[] {
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.finished = true;
    return this.#open === key ? [...this.#stop(), ...this.#promote()] : [];
  }

  /** Closes what is open and brings out all that waits. */
  close(): HubEvent[] {
    const events = this.#stop();
    for (const waiting of this.#waiting.values()) waiting.finished = true;
    events.push(...this.#promote());
    return events;
  }

  #promote(): HubEvent[] {
    const [next] = this.#waiting;
    if (!next) return [];
    const [key, { block, deltas, finished }] = next;
    this.#waiting.delete(key);
    const events = [...this.#begin(key, block), ...this.#deltas(deltas)];
    this.#openIsTool = true;
    return finished ? [...events, ...this.#stop(), ...this.#promote()] : events;
  }

  #begin(key: string, block: Block): HubEvent[] {
    this.#open = key;
    this.#index++;
    return [{ type: "content_block_start", index: this.#index, content_block: block }];
  }

  #deltas(deltas: Delta[]): HubEvent[] {
    return deltas.map((delta) => ({ type: "content_block_delta", index: this.#index, delta }));
  }

  #stop(): HubEvent[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    this.#openIsTool = false;
    return [{ type: "content_block_stop", index: this.#index }];
  }
}
