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

  /** The repairs in force for a deployment, by its key. */
  of(deployment: string): ReadonlySet<string> {
    const repairs = this.#byDeployment.get(deployment);
    if (!repairs) return NONE;
    for (const [repair, until] of repairs) if (until <= this.#now()) repairs.delete(repair);
    return new Set(repairs.keys());
  }

  /** Remembers a repair from now on. */
  add(deployment: string, repair: string): void {
    const repairs = this.#byDeployment.get(deployment) ?? new Map<string, number>();
    this.#byDeployment.set(deployment, repairs);
    repairs.set(repair, this.#now() + LIFETIME);
  }

  /** All that is in force, for those who want to know. */
  list(): { deployment: string; repairs: string[] }[] {
    return [...this.#byDeployment.keys()]
      .map((deployment) => ({ deployment, repairs: [...this.of(deployment)] }))
      .filter(({ repairs }) => repairs.length > 0);
  }
}

const LIFETIME = 24 * 60 * 60 * 1000;
const NONE: ReadonlySet<string> = new Set();
