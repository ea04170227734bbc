import os from "node:os";
import type { Pool } from "undici";
import type { Clock } from "./clock.ts";

/** Longer than this without a sign of life means that the machine slept (or that the process was stopped). */
const GAP = 30_000;
const BEAT = 10_000;

/**
 * A pool of kept-alive connections for each origin. A pool whose sockets can no longer be believed in is replaced by a
 * fresh one; calls that are under way on it end in peace, then it closes.
 *
 * Sleep is noticed by the wall clock, looked at every 10 s and before each call. A comparison with the monotonic clock
 * would not do: it stands still in sleep on Linux, but runs on in macOS and Windows (libuv).
 */
export class Pools {
  readonly #open = new Map<string, Pool>();
  readonly #ending = new Set<Pool>();
  readonly #create: (origin: string) => Pool;
  readonly #clock: Clock;
  #aliveAt: number;
  #destroyed = false;
  #addresses = "";
  #beat: NodeJS.Timeout | undefined;

  constructor(create: (origin: string) => Pool, clock: Clock) {
    this.#create = create;
    this.#clock = clock;
    this.#aliveAt = clock.now();
  }

  /** For one call: asked for anew each time. */
  poolFor(origin: string): Pool {
    this.#noticeSleep();
    const known = this.#open.get(origin);
    if (known) return known;
    const pool = this.#create(origin);
    this.#open.set(origin, pool);
    if (this.#destroyed) void pool.destroy();
    else this.#watch();
    return pool;
  }

  /** Replaces a pool on which a connection broke: its idle ones are as old, and each would cost a call to find out. */
  renew(pool: Pool): void {
    for (const [origin, open] of this.#open) {
      if (open === pool) this.#retire(origin, pool);
    }
  }

  /** Ends every call; later ones fail. */
  async destroy(): Promise<void> {
    this.#destroyed = true;
    clearInterval(this.#beat);
    const all = [...this.#open.values(), ...this.#ending];
    await Promise.all(all.map((pool) => pool.destroy()));
  }

  #retire(origin: string, pool: Pool): void {
    this.#open.delete(origin);
    this.#ending.add(pool);
    pool.close(() => this.#ending.delete(pool));
  }

  #retireAll(): void {
    for (const [origin, pool] of this.#open) this.#retire(origin, pool);
  }

  #noticeSleep(): void {
    const now = this.#clock.now();
    if (now - this.#aliveAt > GAP) this.#retireAll();
    this.#aliveAt = now;
  }

  #watch(): void {
    if (this.#beat) return;
    this.#addresses = ownAddresses();
    this.#beat = setInterval(() => {
      this.#noticeSleep();
      this.#noticeMove();
    }, BEAT).unref();
  }

  /** Another network, or a VPN that came or went: what was connected through the old one may never answer again. */
  #noticeMove(): void {
    const addresses = ownAddresses();
    if (addresses !== this.#addresses) this.#retireAll();
    this.#addresses = addresses;
  }
}

function ownAddresses(): string {
  const all = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  return all
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join();
}
