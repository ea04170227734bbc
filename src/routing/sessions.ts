const MOST = 10_000;

/** Which target a conversation was sent to last; those that were quiet longest are forgotten first. */
export class Sessions {
  readonly #homes = new Map<string, string>();

  homeOf(session: string): string | undefined {
    return this.#homes.get(session);
  }

  settle(session: string, target: string): void {
    this.#homes.delete(session);
    this.#homes.set(session, target);
    const [oldest] = this.#homes.keys();
    if (this.#homes.size > MOST && oldest !== undefined) this.#homes.delete(oldest);
  }
}
