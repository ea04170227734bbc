import type { Deployment } from "../aicore/deployment.ts";
import type { StopSignal } from "../aicore/stop-signal.ts";
import { endOf } from "../aicore/transport.ts";
import { ApiError } from "../errors.ts";
import { Line } from "./line.ts";
import { Rest } from "./rest.ts";
import { RetryBudget } from "./retry-budget.ts";
import { Sessions } from "./sessions.ts";
import { EQUAL, type Share } from "./shares.ts";
import { keyOf, Target } from "./target.ts";
import type { Verdict } from "./verdict.ts";

export interface TargetsOptions {
  /** The share of a profile; default: all alike. */
  shareOf?: (profile: string) => Share;
  /** Whether a conversation stays where it was answered last. Default: yes. */
  affinity?: () => boolean;
  /** Milliseconds on a clock that nobody sets. */
  now?: () => number;
  random?: () => number;
}

const FIRST_BACKOFF = 500;

/** What a request wants of its target. */
export interface Wanted {
  deployments: readonly Deployment[];
  /** Which conversation it belongs to, if any; asked only where there is a choice. */
  session: () => string | undefined;
  /** Keys of the deployments that failed for this request already. */
  avoid: ReadonlySet<string>;
  background: boolean;
  signal: StopSignal;
  /** Milliseconds that it may wait for a target. */
  patience: number;
}

/** A call on its way: to be told how it went, and when its answer is over. */
export interface Lease {
  readonly deployment: Deployment;
  /** The target answered. */
  succeeded(): void;
  failed(target: Verdict["target"], error: ApiError): void;
  /** The answer is over; may be called twice. */
  end(): void;
}

/**
 * The deployments of all tenants as places to send requests to. A conversation stays where its prompt cache is; a new
 * one goes to the least busy, by weight, of the tenants that come first; a target that fails rests behind its breaker,
 * and a 429 rests the model of that tenant.
 */
export class Targets {
  readonly #shareOf: (profile: string) => Share;
  readonly #affinity: () => boolean;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #targets = new Map<string, Target>();
  readonly #rests = new Map<string, Rest>();
  readonly #lines = new Map<string, Line>();
  readonly #sessions = new Sessions();
  readonly retries = new RetryBudget();

  constructor(options: TargetsOptions = {}) {
    this.#shareOf = options.shareOf ?? (() => EQUAL);
    this.#affinity = options.affinity ?? (() => true);
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  /**
   * A target for one call, at once where one is free, else after a turn in the line.
   * @throws ApiError 529 while every breaker is open; 429 when the line is full or patience is out; 404 for a model
   * without deployments.
   */
  async acquire(wanted: Wanted): Promise<Lease> {
    const free = this.acquireNow(wanted);
    if (free) return free;
    for (;;) {
      await this.#lineFor(wanted.deployments).wait(wanted);
      if (wanted.signal.aborted) throw endOf(wanted.signal);
      const lease = this.#tryNow(wanted);
      if (lease) return lease;
    }
  }

  /** A target that is free now, unless others wait for it: who comes then goes behind them. Throws as `acquire` does. */
  acquireNow(wanted: Wanted): Lease | undefined {
    if (this.#lines.size > 0 && this.#lineFor(wanted.deployments).length > 0) return undefined;
    return this.#tryNow(wanted);
  }

  /** Whether a call could go to a deployment other than those, right now. */
  hasOther(deployments: readonly Deployment[], avoid: ReadonlySet<string>): boolean {
    return deployments.some((deployment) => {
      const { breaker, rest } = this.#targetOf(deployment);
      return !avoid.has(keyOf(deployment)) && breaker.admits && !rest.resting;
    });
  }

  /** Milliseconds that the deployment's model still rests in its tenant. */
  restOf(deployment: Deployment): number {
    return Math.max(0, this.#targetOf(deployment).rest.until - this.#now());
  }

  /** Milliseconds before a call to the same target, with full jitter: up to 0.5 s, 1 s, …; three never near a cap. */
  backoff(calls: number): number {
    return this.#random() * FIRST_BACKOFF * 2 ** (calls - 1);
  }

  /** For `/stats`. */
  list(deployments: readonly Deployment[]): { deployment: Deployment; target: Target }[] {
    return deployments.map((deployment) => ({ deployment, target: this.#targetOf(deployment) }));
  }

  /** Requests that wait for a model to come back from its rest. */
  get waiting(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.length, 0);
  }

  #tryNow(wanted: Wanted): Lease | undefined {
    const [only] = wanted.deployments;
    if (only && wanted.deployments.length === 1) return this.#tryOnly(only);
    const open = wanted.deployments.filter((deployment) => this.#targetOf(deployment).breaker.admits);
    if (open.length === 0) throw this.#noneAnswers(wanted.deployments);
    const awake = open.filter((deployment) => !this.#targetOf(deployment).rest.resting);
    if (awake.length === 0) return undefined;
    return this.#leaseOf(this.#choose(awake, wanted));
  }

  /** Most tenants have one deployment a model: nothing is to be chosen. */
  #tryOnly(deployment: Deployment): Lease | undefined {
    const { breaker, rest } = this.#targetOf(deployment);
    if (!breaker.admits) throw this.#noneAnswers([deployment]);
    return rest.resting ? undefined : this.#leaseOf(deployment);
  }

  #choose(deployments: readonly Deployment[], { avoid, session }: Wanted): Deployment {
    const untried = unlessNone(deployments, (each) => !avoid.has(keyOf(each)));
    const unlimited = unlessNone(untried, (each) => !this.#targetOf(each).rest.rankedLast);
    const first = Math.min(...unlimited.map(({ profile }) => this.#shareOf(profile).priority));
    const primary = unlimited.filter(({ profile }) => this.#shareOf(profile).priority === first);
    const conversation = this.#affinity() ? session() : undefined;
    if (conversation === undefined) return this.#leastBusy(primary);
    const name = `${conversation} ${primary[0]?.model ?? ""}`;
    const home = this.#sessions.homeOf(name);
    const chosen = primary.find((each) => keyOf(each) === home) ?? this.#leastBusy(primary);
    this.#sessions.settle(name, keyOf(chosen));
    return chosen;
  }

  /** Equals take turns by stride scheduling: each call moves its target back by one over its weight. */
  #leastBusy(deployments: readonly Deployment[]): Deployment {
    const ranked = deployments.map((deployment) => {
      const share = this.#shareOf(deployment.profile);
      const target = this.#targetOf(deployment);
      return { deployment, target, share, load: target.load(share) };
    });
    const best = ranked.reduce((one, other) =>
      (other.load - one.load || other.target.pass - one.target.pass) < 0 ? other : one,
    );
    best.target.pass += 1 / best.share.weight;
    return best.deployment;
  }

  #leaseOf(deployment: Deployment): Lease {
    return new CallLease(deployment, this.#targetOf(deployment), this.retries, this.#now());
  }

  #targetOf(deployment: Deployment): Target {
    const key = keyOf(deployment);
    const known = this.#targets.get(key);
    if (known) return known;
    const tenantModel = `${deployment.profile}/${deployment.model ?? deployment.id}`;
    const rest = this.#rests.get(tenantModel) ?? new Rest(this.#now, this.#random);
    this.#rests.set(tenantModel, rest);
    // A newcomer begins where the others are, or it would get every call until it caught up.
    const pass = Math.min(...[...this.#targets.values()].map((target) => target.pass));
    const target = new Target(deployment, rest, Number.isFinite(pass) ? pass : 0, this.#now);
    this.#targets.set(key, target);
    return target;
  }

  #lineFor(deployments: readonly Deployment[]): Line {
    const key = lineOf(deployments);
    const line = this.#lines.get(key) ?? this.#newLine(deployments);
    this.#lines.set(key, line);
    return line;
  }

  #newLine(deployments: readonly Deployment[]): Line {
    const status = () => {
      const reasons = deployments.map((each) => this.#targetOf(each).rest.reason?.status);
      return reasons.every((reason) => reason === 529) ? 529 : 429;
    };
    return new Line(() => this.#readyIn(deployments), status, this.#random);
  }

  #readyIn(deployments: readonly Deployment[]): number {
    const awake = deployments.map((each) => this.#targetOf(each)).filter(({ breaker }) => breaker.admits);
    return Math.max(0, Math.min(...awake.map(({ rest }) => rest.until - this.#now()), 60_000));
  }

  #noneAnswers(deployments: readonly Deployment[]): ApiError {
    const [first] = deployments;
    if (!first) {
      return new ApiError(404, "The deployment is gone and no other runs this model.", {
        reason: "model_not_found",
      });
    }
    const retryIn = Math.min(...deployments.map((each) => this.#targetOf(each).breaker.retryIn));
    const which =
      deployments.length === 1 ? `deployment ${first.id}` : `all ${deployments.length} deployments`;
    return new ApiError(529, `${first.model ?? "The model"}: ${which} failed five times in a row.`, {
      reason: "target_resting",
      retryAfter: Math.max(1, Math.ceil(retryIn / 1_000)),
      hint: `The next try is in ${Math.max(1, Math.ceil(retryIn / 1_000))} s.`,
    });
  }
}

class CallLease implements Lease {
  readonly deployment: Deployment;
  readonly #target: Target;
  readonly #retries: RetryBudget;
  readonly #sentAt: number;
  #ended = false;
  #decided = false;

  constructor(deployment: Deployment, target: Target, retries: RetryBudget, sentAt: number) {
    this.deployment = deployment;
    this.#target = target;
    this.#retries = retries;
    this.#sentAt = sentAt;
    target.inFlight += 1;
    target.breaker.depart();
  }

  succeeded(): void {
    this.#decided = true;
    this.#target.breaker.succeeded();
    this.#target.rest.succeeded();
    this.#retries.earn();
  }

  failed(told: Verdict["target"], error: ApiError): void {
    const { breaker, rest } = this.#target;
    this.#decided = true;
    if (told === "down") breaker.failed();
    else if (told === "unknown") breaker.undecided();
    else breaker.succeeded();
    if (told === "limited") rest.limited(error, this.#sentAt);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#target.inFlight -= 1;
    if (!this.#decided) this.#target.breaker.undecided();
  }
}

function lineOf(deployments: readonly Deployment[]): string {
  return deployments.map(keyOf).join(" ");
}

/** Those that pass the test, or all when none does. */
function unlessNone<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  const some = items.filter(test);
  return some.length > 0 ? some : items;
}
