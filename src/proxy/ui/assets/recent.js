/**
 * The newest requests, each once, newest first: those that were asked for and those that arrive.
 * @typedef {import("./api.js").FinishedRequest} FinishedRequest
 */
export class Recent {
  #most;
  /** @type {Map<string, FinishedRequest>} */
  #byId = new Map();
  /** @type {FinishedRequest[]} */
  list = [];

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /**
   * @param {FinishedRequest[]} requests
   * @returns {Set<string>} the ids that were new
   */
  add(requests) {
    const added = requests.filter(({ id }) => !this.#byId.has(id));
    for (const request of added) this.#byId.set(request.id, request);
    // By their end, which is when they are told.
    this.list = [...this.#byId.values()].sort((one, other) => endOf(other) - endOf(one)).slice(0, this.#most);
    this.#byId = new Map(this.list.map((request) => [request.id, request]));
    return new Set(added.map(({ id }) => id));
  }

  /** Those that went wrong; a client that left is no error. */
  get errors() {
    return this.list.filter(({ outcome }) => outcome === "failed" || outcome === "broken");
  }

  /** Percentiles over the completed ones, in milliseconds. */
  get latency() {
    const completed = this.list.filter(({ outcome }) => outcome === "completed");
    return {
      of: completed.length,
      firstByte: percentiles(completed.flatMap(({ first_byte_ms }) => first_byte_ms ?? [])),
      total: percentiles(completed.map(({ took_ms }) => took_ms)),
    };
  }
}

/** When it ended; milliseconds since 1970. */
export function endOf(/** @type {FinishedRequest} */ { at, took_ms }) {
  return Date.parse(at) + took_ms;
}

function percentiles(/** @type {number[]} */ values) {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (/** @type {number} */ share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return { p50: at(0.5), p95: at(0.95) };
}
