import type { Deployment } from "../aicore/deployment.ts";
import { Breaker } from "./breaker.ts";
import type { Rest } from "./rest.ts";
import type { Share } from "./shares.ts";

/** What is known of one deployment as a place to send requests to. */
export class Target {
  readonly key: string;
  readonly breaker: Breaker;
  /** Shared by all deployments of its model in its tenant. */
  readonly rest: Rest;
  inFlight = 0;
  /** Answers whose turn is over, so that equals take turns: see `Targets`. */
  pass: number;

  constructor(deployment: Deployment, rest: Rest, pass: number, now: () => number) {
    this.key = keyOf(deployment);
    this.breaker = new Breaker(now);
    this.rest = rest;
    this.pass = pass;
  }

  /** Requests in flight, for its share of the traffic. */
  load({ weight }: Share): number {
    return this.inFlight / weight;
  }
}

/** Ids are unique in a tenant only. */
export function keyOf({ profile, id }: Deployment): string {
  return `${profile}/${id}`;
}
