/** The keys of the database as the last look told them. */
import type { AcceptedKey } from "../../keys/api-key.ts";
import { isCounted } from "../../keys/gate.ts";

export class KnownKeys {
  /** Those that may be used now; undefined: nobody can tell. */
  current: readonly AcceptedKey[] | undefined;
  /** The ids of those whose use has to be counted. */
  limited: ReadonlySet<string> = new Set();
  readonly #listeners: (() => void)[] = [];
  readonly #last: number | undefined;
  #told: readonly AcceptedKey[] | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param last milliseconds for which they hold after a look; undefined: until the next one */
  constructor(last: number | undefined) {
    this.#last = last;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** A look at the database worked. @param keys undefined: they are the same as the last time */
  looked(keys: readonly AcceptedKey[] | undefined): void {
    if (this.#last !== undefined) {
      this.#timer ??= setTimeout(() => this.#use(undefined), this.#last).unref();
      this.#timer.refresh();
    }
    if (keys) this.#told = keys;
    if (this.#told !== this.current) this.#use(this.#told);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #use(keys: readonly AcceptedKey[] | undefined): void {
    this.current = keys;
    this.limited = new Set((keys ?? []).filter(({ limits }) => isCounted(limits)).map(({ id }) => id));
    for (const listener of this.#listeners) listener();
  }
}
