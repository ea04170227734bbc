import { Counter, Gauge, type Registry } from "prom-client";
import type { Stats } from "./stats.ts";

const OF_TARGET = ["profile", "deployment", "model"] as const;

/** What is so now, out of the same document as `/stats`: set whenever somebody reads. */
export class StateGauges {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  readonly #info = this.#gauge("aicore_build_info", "1, with the version that runs.", ["version"]);
  readonly #inFlight = this.#gauge("aicore_requests_in_flight", "Requests to models that are not over.");
}
