import type { Credentials } from "../config/credentials.ts";
import { ApiError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Network } from "./network.ts";
import { CredentialsRefusedError, type GrantedToken } from "./token-answer.ts";
import { requestToken } from "./token-request.ts";

export interface TokenSourceOptions {
  credentials: Credentials;
  network: Network;
  log: Logger;
  clock?: Clock;
}

interface HeldToken extends GrantedToken {
  /** When it was granted, on both clocks. */
  wall: number;
  monotonic: number;
  /** The age at which a new one is asked for, while this one still serves. */
  refreshAge: number;
}

/** A failure that is told again, without asking, until `until` on the monotonic clock. */
interface Refusal {
  error: ApiError;
  until: number;
}

const LONGEST_MARGIN = 5 * 60_000;
const MARGIN_SHARE = 0.1;
const REFUSAL_REST = 30_000;
const REFRESH_REST = 30_000;

/**
 * The access token of one tenant: asked for once however many wait, renewed ahead of its end.
 *
 * The token's age is the larger of what two clocks say, checked at each request: the wall clock goes on while the
 * machine sleeps, the monotonic clock is not fooled by a clock that is set back.
 */
export class TokenSource {
  readonly #credentials: Credentials;
  readonly #network: Network;
  readonly #log: Logger;
  readonly #clock: Clock;
  #held: HeldToken | undefined;
  #flight: Promise<string> | undefined;
  #refusal: Refusal | undefined;

  constructor(options: TokenSourceOptions) {
    const { secret } = options.credentials;
    this.#credentials = options.credentials;
    this.#network = secret.kind === "certificate" ? options.network.withCertificate(secret) : options.network;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * A token that is good now.
   * @throws CredentialsRefusedError (repeated for 30 s without asking SAP), or ApiError with origin "token": 503 with
   * `retryAfter` when SAP asks to wait (repeated until then), 502 or 504 when no token could be had.
   */
  async get(): Promise<string> {
    return this.atHand() ?? this.#refresh();
  }

  /** A token that is good now, where there is one; see `get`. */
  atHand(): string | undefined {
    const held = this.#held;
    if (!held) return undefined;
    const age = this.#age(held);
    if (age >= held.lifetime) return undefined;
    if (age >= held.refreshAge) this.#refreshBehind(held, age);
    return held.token;
  }

  /** Drops a token that AI Core refused, unless another has taken its place already. */
  invalidate(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  /** When the token at hand ends, by the wall clock; undefined without one. */
  get expiresAt(): Date | undefined {
    return this.#held && new Date(this.#held.wall + this.#held.lifetime);
  }

  #age(held: HeldToken): number {
    return Math.max(this.#clock.now() - held.wall, this.#clock.monotonic() - held.monotonic);
  }

  #refreshBehind(held: HeldToken, age: number): void {
    held.refreshAge = age + REFRESH_REST;
    this.#refresh().catch((error: Error) => {
      this.#log.warn("the token could not be renewed yet", { error: error.message });
    });
  }

  /** One flight for all who wait; what fails is told to all of them, and the next caller tries anew. */
  #refresh(): Promise<string> {
    if (this.#refusal && this.#clock.monotonic() < this.#refusal.until)
      return Promise.reject(this.#refusal.error);
    this.#flight ??= this.#request().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #request(): Promise<string> {
    try {
      const granted = await requestToken(this.#credentials, this.#network, this.#clock);
      const margin = Math.min(LONGEST_MARGIN, granted.lifetime * MARGIN_SHARE);
      this.#held = {
        ...granted,
        wall: this.#clock.now(),
        monotonic: this.#clock.monotonic(),
        refreshAge: granted.lifetime - margin,
      };
      this.#refusal = undefined;
      return granted.token;
    } catch (error) {
      this.#remember(error);
      throw error;
    }
  }

  #remember(error: unknown): void {
    if (!(error instanceof ApiError)) return;
    const rest = error instanceof CredentialsRefusedError ? REFUSAL_REST : (error.retryAfter ?? 0) * 1000;
    this.#refusal = { error, until: this.#clock.monotonic() + rest };
  }
}
