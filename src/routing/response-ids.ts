import type { Deployment } from "../aicore/deployment.ts";

const MOST = 10_000;

/**
 * Which deployment answered under which id: a stored response of the Responses API is known to its own deployment
 * alone. The oldest are forgotten first.
 */
export class ResponseIds {
  readonly #deployments = new Map<string, Deployment>();

  remember(id: string, deployment: Deployment): void {
    this.#deployments.set(id, deployment);
    const [oldest] = this.#deployments.keys();
    if (this.#deployments.size > MOST && oldest !== undefined) this.#deployments.delete(oldest);
  }

  deploymentOf(id: string): Deployment | undefined {
    return this.#deployments.get(id);
  }

  forget(id: string): void {
    this.#deployments.delete(id);
  }
}
