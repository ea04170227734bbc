import { createHash } from "node:crypto";

/**
 * Gemini's calls need no ids, the hub's do. One that has none gets nine letters and digits (all that Mistral takes,
 * protocol 7.7 #113) that depend only on its place among the calls of the conversation and on its name: the same
 * history has the same ids on every turn, so that prompt caches of the upstream hold.
 */
export class CallIds {
  #count = 0;
  /** Calls that still wait for their answer, in order. */
  #open: { id: string; name: string }[] = [];

  /** The id of the next call. */
  call(name: string, given: string | undefined): string {
    const id = given && /^[\w-]+$/.test(given) ? given : mintCallId(this.#count, name);
    this.#count++;
    this.#open.push({ id, name });
    return id;
  }

  /**
   * The call that is answered: by its id; else the oldest open one of that name; else the oldest open one.
   * Undefined when no call is open.
   */
  answer(name: string, given: string | undefined): string | undefined {
    const open = this.#open;
    const call = open.find(({ id }) => id === given) ?? open.find((one) => one.name === name) ?? open[0];
    this.#open = open.filter((one) => one !== call);
    return call?.id;
  }

  /** The model speaks again: what was not answered stays so. */
  turn(): void {
    this.#open = [];
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 9;

/** @param seed what tells this call from others: its position in a history, the id of its answer. */
export function mintCallId(seed: number | string, name: string): string {
  const digest = createHash("sha256").update(`${seed} ${name}`).digest();
  return Array.from(digest.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
