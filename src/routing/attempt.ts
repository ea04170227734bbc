import type { Answer } from "../aicore/answer.ts";
import type { AicoreClient, InferenceAnswer } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { readUpstreamError } from "../aicore/errors.ts";
import type { StopSignal } from "../aicore/stop-signal.ts";
import { endOf } from "../aicore/transport.ts";
import { ApiError } from "../errors.ts";
import type { LearnedRepairs } from "./learned.ts";
import { LONGEST_WAIT } from "./rest.ts";
import { keyOf } from "./target.ts";
import type { Lease, Targets, Wanted } from "./targets.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

/** One request as it can be sent, as often as needed, to any deployment of its model. */
export interface Sendable {
  deployments: readonly Deployment[];
  path: string;
  /** The `Accept` header; default: JSON. */
  accept?: string | undefined;
  /** The body for a deployment that is known to refuse `learned`. */
  bodyFor(learned: ReadonlySet<string>): Buffer;
  /** The refusal as the client is told it: see `Upstream.explain`. */
  explain?(error: ApiError): ApiError;
  /** A key that avoids the refusal and is not among those that were sent with; undefined when there is none. */
  learn(error: ApiError, learned: ReadonlySet<string>): string | undefined;
}

export interface AttemptOptions<S extends Sendable, T> {
  targets: Targets;
  clientFor(deployment: Deployment): AicoreClient;
  /** Looks at the tenants again after a 404: the request for what it found, which may be another model. */
  rediscover(): Promise<S>;
  /**
   * Reads an answer of status 200 as far as is needed to know that it is one. An ApiError of the upstream's counts
   * like a status: an error as a stream's first event.
   */
  open(answer: Answer, sendable: S, deployment: Deployment): Promise<T>;
  learned: LearnedRepairs;
  signal: StopSignal;
  /** Milliseconds to wait for the head of the answer, and of silence inside it. */
  idleTimeout: number;
  /** When tries end, by `Date.now()`. */
  deadline: number;
  /** Whether the client's answer has begun: from then on nothing is repeated. */
  committed(): boolean;
  /** Which conversation it is, if any; asked only where there is a choice of targets. */
  session(): string | undefined;
  /** Hears of every call before it is sent; they count from 1. */
  onCall(deployment: Deployment, calls: number): void;
  /** Whether a program waits for the answer, and no person. */
  background: boolean;
}

/** An answer that was accepted, and what it is the answer to. */
export interface Accepted<S extends Sendable, T> {
  sendable: S;
  opened: T;
  deployment: Deployment;
  attempts: number;
  /** The body that it answers. */
  sent: Buffer;
  /** To be ended with the answer. */
  lease: Lease;
}

/** DESIGN 8: at most three calls for one request, whatever their reasons. */
const MOST_CALLS = 3;
const ERROR_TEXT_LIMIT = 256 * 1024;
const NONE: ReadonlySet<string> = new Set();
const NOTHING = Buffer.alloc(0);

/**
 * Sends a request until a deployment accepts it. Repeated is only what cannot have run (`verdictOn`), at another target
 * where there is one, within the deadline, and never once the client's answer has begun.
 * @throws ApiError with the upstream's status and text, or the transport's.
 */
export function attempt<S extends Sendable, T>(
  request: S,
  options: AttemptOptions<S, T>,
): Promise<Accepted<S, T>> {
  return new Attempt(request, options).run();
}

/** What one request went through so far. */
class Attempt<S extends Sendable, T> {
  readonly #options: AttemptOptions<S, T>;
  /** Most requests fail nowhere: what remembers failures is made for the first. */
  #seen: Map<Verdict["next"], number> | undefined;
  #failed: Set<string> | undefined;
  #sendable: S;
  /** The one deployment that the next call goes to, where only that makes sense. */
  #only: Deployment | undefined;
  /** The repairs in the last body; another request may have learned the same meanwhile. */
  #sentWith: ReadonlySet<string> = NONE;
  #sent: Buffer = NOTHING;
  #calls = 0;
  #last: ApiError | undefined;

  constructor(request: S, options: AttemptOptions<S, T>) {
    this.#sendable = request;
    this.#options = options;
  }

  async run(): Promise<Accepted<S, T>> {
    for (;;) {
      const lease = this.#acquireNow() ?? (await this.#acquire());
      this.#calls += 1;
      this.#options.onCall(lease.deployment, this.#calls);
      try {
        const { deployment } = lease;
        const answer = await this.#send(deployment);
        if (answer.status !== 200) throw await this.#refusal(answer);
        const opened = await this.#options.open(answer, this.#sendable, deployment);
        lease.succeeded();
        return {
          sendable: this.#sendable,
          opened,
          deployment,
          attempts: this.#calls,
          sent: this.#sent,
          lease,
        };
      } catch (error) {
        lease.end();
        if (!(error instanceof ApiError)) throw error;
        const verdict = verdictOn(error);
        lease.failed(verdict.target, error);
        await this.#prepareNext(error, verdict, lease.deployment);
      }
    }
  }

  /** Without a wait, and so without a promise, where a target is free: nearly always. */
  #acquireNow(): Lease | undefined {
    try {
      return this.#options.targets.acquireNow(this.#wanted());
    } catch (error) {
      throw this.#asTold(error);
    }
  }

  async #acquire(): Promise<Lease> {
    try {
      return await this.#options.targets.acquire(this.#wanted());
    } catch (error) {
      throw this.#asTold(error);
    }
  }

  #wanted(): Wanted {
    const { session, background, signal, deadline } = this.#options;
    return {
      deployments: this.#only ? [this.#only] : this.#sendable.deployments,
      avoid: this.#failed ?? NONE,
      session,
      background,
      signal,
      patience: Math.max(0, deadline - Date.now()),
    };
  }

  /** What no target could be had for: that the request ended, or what it met before. */
  #asTold(error: unknown): unknown {
    const { signal } = this.#options;
    return signal.aborted ? endOf(signal) : (this.#last ?? error);
  }

  /** One call. Throws as `AicoreClient.infer` does. */
  #send(deployment: Deployment): Promise<InferenceAnswer> {
    const { clientFor, learned, signal, idleTimeout } = this.#options;
    const { path, accept, bodyFor } = this.#sendable;
    this.#sentWith = learned.of(keyOf(deployment));
    this.#sent = bodyFor(this.#sentWith);
    const call = { deployment, path, accept, body: this.#sent, signal, idleTimeout };
    return clientFor(deployment).infer(call);
  }

  /** What an answer of another status than 200 tells. */
  async #refusal({ status, headers, body, forgetToken }: InferenceAnswer): Promise<ApiError> {
    const text = await body.text(ERROR_TEXT_LIMIT);
    if (status === 401 && !this.#seen?.has("refreshed")) forgetToken();
    return readUpstreamError(status, headers, text);
  }

  /** Makes ready for another call. @throws the error, as its client is told it, when there must be none. */
  async #prepareNext(error: ApiError, verdict: Verdict, deployment: Deployment): Promise<void> {
    const told = this.#told(error, verdict, deployment);
    this.#seen ??= new Map();
    const seen = (this.#seen.get(verdict.next) ?? 0) + 1;
    this.#seen.set(verdict.next, seen);
    this.#last = told;
    if (this.#calls === MOST_CALLS || seen >= verdict.calls || this.#options.committed()) throw told;
    this.#only = undefined;
    switch (verdict.next) {
      case "reconnected":
        return;
      case "refreshed":
        this.#only = deployment;
        return;
      case "repaired":
        this.#learn(error, deployment, told);
        return;
      case "rediscovered":
        this.#fail(deployment);
        this.#sendable = await this.#options.rediscover();
        return;
      default:
        await this.#moveOn(error, verdict, deployment, told);
    }
  }

  /** The failure as its client is told it; a 429 always says when to come back, for else clients come at once. */
  #told(error: ApiError, { target }: Verdict, deployment: Deployment): ApiError {
    const told = this.#sendable.explain?.(error) ?? error;
    if (target !== "limited" || told.retryAfter !== undefined) return told;
    return told.with({
      retryAfter: Math.max(1, Math.ceil(this.#options.targets.restOf(deployment) / 1_000)),
    });
  }

  #learn(error: ApiError, deployment: Deployment, told: ApiError): void {
    const { learned } = this.#options;
    const repair = this.#sendable.learn(error, this.#sentWith);
    if (repair === undefined) throw told;
    learned.add(keyOf(deployment), repair);
    this.#only = deployment;
  }

  #fail(deployment: Deployment): void {
    this.#failed ??= new Set();
    this.#failed.add(keyOf(deployment));
  }

  /** To another target; where there is none and the same one may do, there again after a pause. */
  async #moveOn(error: ApiError, verdict: Verdict, deployment: Deployment, told: ApiError): Promise<void> {
    const { targets, deadline, signal } = this.#options;
    const { deployments } = this.#sendable;
    // A token, a host and a quota are the whole tenant's; an answer is the deployment's own.
    const isTenants = error.origin !== "upstream" || verdict.target === "limited";
    const alike = isTenants ? deployments : [deployment];
    for (const each of alike) if (each.profile === deployment.profile) this.#fail(each);
    const hasOther = targets.hasOther(deployments, this.#failed ?? NONE);
    if (!hasOther && (verdict.next === "elsewhere" || tooLong(error))) throw told;
    if (error.reason === "connection_reset" && !(await this.#isGone(deployment))) throw told;
    if (!targets.retries.spend()) throw told;
    if (hasOther || verdict.target === "limited") return;
    const pause = error.retryAfter === undefined ? targets.backoff(this.#calls) : error.retryAfter * 1_000;
    if (Date.now() + pause > deadline) throw told;
    await sleep(pause, signal);
    if (signal.aborted) throw endOf(signal);
    if (this.#options.committed()) throw told;
  }

  /**
   * A call whose fresh connection broke may have run, unless the host is gone altogether: then nothing of it is left
   * that could go on running, and another tenant may take it.
   */
  async #isGone(deployment: Deployment): Promise<boolean> {
    return !(await this.#options.clientFor(deployment).answers());
  }
}

/** Until then, or until the signal fires. */
function sleep(milliseconds: number, signal: StopSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener("abort", wake);
    if (signal.aborted) wake();
  });
}

function tooLong({ retryAfter = 0 }: ApiError): boolean {
  return retryAfter > LONGEST_WAIT;
}
