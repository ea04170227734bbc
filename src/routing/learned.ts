/**
 * What deployments refused, so that the same request is not refused twice. Bedrock's rules change without notice
 * and differ by model and landscape; a repair is therefore remembered per deployment, and only for a while.
 */
export class LearnedRepairs {
  readonly #byDeployment = new Map<string, Map<string, number>>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The repairs in force for a deployment. */
  of(deployment: string): ReadonlySet<string> {
    const repairs = this.#byDeployment.get(deployment);
    if (!repairs) return NONE;
    for (const [repair, until] of repairs) if (until <= this.#now()) repairs.delete(repair);
    return new Set(repairs.keys());
  }

  /** Remembers a repair; false when it was known already, and so did not help. */
  add(deployment: string, repair: string): boolean {
    const repairs = this.#byDeployment.get(deployment) ?? new Map<string, number>();
    this.#byDeployment.set(deployment, repairs);
    const known = (repairs.get(repair) ?? 0) > this.#now();
    if (!known) repairs.set(repair, this.#now() + LIFETIME);
    return !known;
  }
}

const LIFETIME = 24 * 60 * 60 * 1000;
const NONE: ReadonlySet<string> = new Set();
