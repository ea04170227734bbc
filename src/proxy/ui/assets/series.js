import { isDaily, startsOf } from "./range.js";

/**
 * @typedef {import("./api.js").Figures} Figures
 * @typedef {{ starts: number[], buckets: Figures[], total: Figures }} Series
 */

/** @returns {Figures} */
export function noFigures() {
  return {
    requests: 0,
    input_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    capacity_units: null,
    unpriced: 0,
  };
}

/** @typedef {Pick<Figures, "input_tokens" | "cache_read_tokens" | "cache_write_tokens">} Prompt */

export function tokensOf(/** @type {Prompt & Pick<Figures, "output_tokens">} */ figures) {
  return figures.output_tokens + promptOf(figures);
}

/** What the models read: fresh, from the cache, and into it. */
export function promptOf(/** @type {Prompt} */ { input_tokens, cache_read_tokens, cache_write_tokens }) {
  return input_tokens + cache_read_tokens + cache_write_tokens;
}

/**
 * Usage over time. The server groups by day; shorter buckets are asked for one by one, and those that are over only
 * once.
 */
export class SeriesLoader {
  #api;
  /** @type {Map<string, Figures>} */
  #closed = new Map();

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * @param {import("./range.js").Range} range
   * @returns {Promise<Series>}
   */
  async load(range) {
    const starts = startsOf(range);
    const buckets = isDaily(range) ? await this.#days(starts) : await this.#pieces(starts, range.step);
    return { starts, buckets, total: buckets.reduce(add, noFigures()) };
  }

  async #days(/** @type {number[]} */ starts) {
    const { rows } = await this.#api.usage({ by: "day", since: new Date(starts[0] ?? 0) });
    const byDay = new Map(rows.map((row) => [row.group.day, row]));
    return starts.map((start) => byDay.get(new Date(start).toISOString().slice(0, 10)) ?? noFigures());
  }

  /**
   * @param {number[]} starts
   * @param {number} step
   */
  #pieces(starts, step) {
    return Promise.all(starts.map((start) => this.#piece(start, start + step)));
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  async #piece(start, end) {
    const name = `${start} ${end}`;
    const known = this.#closed.get(name);
    if (known) return known;
    const { total } = await this.#api.usage({ by: "day", since: new Date(start), until: new Date(end) });
    // A request is told when it is over and counts when it arrived: a bucket may grow a while after its end.
    if (Date.now() - end > 15 * 60_000) this.#closed.set(name, total);
    return total;
  }
}

/**
 * @param {Figures} sum
 * @param {Figures} more
 * @returns {Figures}
 */
function add(sum, more) {
  const cost = sum.capacity_units ?? more.capacity_units;
  return {
    requests: sum.requests + more.requests,
    input_tokens: sum.input_tokens + more.input_tokens,
    cache_read_tokens: sum.cache_read_tokens + more.cache_read_tokens,
    cache_write_tokens: sum.cache_write_tokens + more.cache_write_tokens,
    output_tokens: sum.output_tokens + more.output_tokens,
    reasoning_tokens: sum.reasoning_tokens + more.reasoning_tokens,
    capacity_units: cost === null ? null : (sum.capacity_units ?? 0) + (more.capacity_units ?? 0),
    unpriced: (sum.unpriced ?? 0) + (more.unpriced ?? 0),
  };
}
