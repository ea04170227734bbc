/** A call that was answered with an error, or (status 0) not at all. */
export class ApiFailure extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** What is in usage figures; null: no request had a known rate. */
/** @typedef {{ requests: number, input_tokens: number, cache_read_tokens: number, cache_write_tokens: number, output_tokens: number, reasoning_tokens: number, capacity_units: number | null, unpriced?: number }} Figures */
/** @typedef {Figures & { group: Record<string, string> }} FiguresRow */
/** @typedef {{ id: string, at: string, key: string, profile: string | null, tool: string | null, requested: string | null, model: string | null, deployment: string | null, outcome: "completed" | "failed" | "broken" | "cancelled", status: number, attempts: number, first_byte_ms: number | null, took_ms: number, input_tokens: number, cache_read_tokens: number, cache_write_tokens: number, output_tokens: number, capacity_units: number | null }} FinishedRequest */
/** @typedef {{ profile: string, deployment: string, model: string, resource_group: string, in_flight: number, breaker: "closed" | "open" | "half-open", retry_in_seconds: number, resting: boolean }} Target */
/** @typedef {{ version: string, uptime_seconds: number, waiting: number, targets: Target[] }} Stats */

/** Where the proxy stands, seen from this file: `/ui/api.js`, or below a prefix that a gateway put before it. */
const BASE = new URL("../", import.meta.url);

/** The calls of a signed-in page. The key travels in a header and nowhere else. */
export class Api {
  #key;

  /** @param {string} key */
  constructor(key) {
    this.#key = key;
  }

  /**
   * @param {string} path
   * @param {AbortSignal} [signal]
   * @returns {Promise<Response>} with a status of 200
   * @throws {ApiFailure}
   */
  async open(path, signal) {
    const init = { headers: { "x-api-key": this.#key }, ...(signal && { signal }) };
    const response = await fetch(new URL(path, BASE), init).catch((error) => {
      if (signal?.aborted) throw error;
      throw new ApiFailure(0, "The proxy cannot be reached.");
    });
    if (response.ok) return response;
    throw new ApiFailure(response.status, messageIn(await response.text()) ?? `HTTP ${response.status}`);
  }

  /**
   * @param {string} path
   * @returns {Promise<any>}
   * @throws {ApiFailure}
   */
  async json(path) {
    return (await this.open(path)).json();
  }

  /** @returns {Promise<FinishedRequest[]>} newest first */
  async recent(/** @type {number} */ limit) {
    return (await this.json(`admin/requests?limit=${limit}`)).requests;
  }

  /**
   * @param {{ by: string, since: Date, until?: Date }} query
   * @returns {Promise<{ rows: FiguresRow[], total: Figures }>}
   */
  usage({ by, since, until }) {
    const query = new URLSearchParams({ group_by: by, since: since.toISOString() });
    if (until) query.set("until", until.toISOString());
    return this.json(`admin/usage?${query}`);
  }
}

/** The message of an error body, in any of the shapes that the proxy answers with. */
function messageIn(/** @type {string} */ body) {
  try {
    const { error, message } = JSON.parse(body);
    return /** @type {string | undefined} */ (error?.message ?? message);
  } catch {
    return undefined;
  }
}
