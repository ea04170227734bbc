import { StackedBars, timeLabel } from "./chart.js";
import { byId, el, empty, say } from "./dom.js";
import { compact, units } from "./format.js";
import { isDaily } from "./range.js";
import { tokensOf } from "./series.js";

/** @typedef {import("./series.js").Series} Series */
/** @typedef {import("./range.js").Range} Range */

/** The layers of the token chart, lowest first. */
const TOKENS = /** @type {const} */ ([
  { label: "Cache read", colour: 1, field: "cache_read_tokens" },
  { label: "Cache write", colour: 2, field: "cache_write_tokens" },
  { label: "Input", colour: 3, field: "input_tokens" },
  { label: "Output", colour: 4, field: "output_tokens" },
]);

/** The two charts over time. */
export class Charts {
  #tokens;
  #cost;
  /** @type {{ series: Series, range: Range } | undefined} */
  #shown;

  /** @param {AbortSignal} signal ends them */
  constructor(signal) {
    this.#tokens = new StackedBars(byId("tokens-chart"), (bucket) => this.#read("tokens", bucket), signal);
    this.#cost = new StackedBars(byId("cost-chart"), (bucket) => this.#read("cost", bucket), signal);
    byId("tokens-key").replaceChildren(...TOKENS.map(keyItem));
    byId("cost-key").replaceChildren(keyItem({ label: "Capacity units", colour: 3 }));
  }

  /**
   * @param {Series} series
   * @param {Range} range
   */
  show(series, range) {
    this.#shown = { series, range };
    const { starts, buckets, total } = series;
    const axis = { starts, step: range.step, utc: isDaily(range) };
    const nothing = () =>
      empty(`Nothing used in ${range.words}`, "Requests show here a second after they end.");
    if (total.requests === 0) {
      this.#tokens.showInstead(nothing());
      this.#cost.showInstead(nothing());
    } else {
      this.#tokens.show({
        ...axis,
        layers: TOKENS.map(({ field, ...layer }) => ({
          ...layer,
          values: buckets.map((bucket) => bucket[field]),
        })),
        format: compact,
        describe: `Bar chart: ${compact(tokensOf(total))} tokens in ${range.words}`,
      });
      this.#showCost(axis, series, range);
    }
    this.#read("tokens", undefined);
    this.#read("cost", undefined);
  }

  /**
   * @param {{ starts: number[], step: number, utc: boolean }} axis
   * @param {Series} series
   * @param {Range} range
   */
  #showCost(axis, { buckets, total }, range) {
    if (total.capacity_units === null) {
      this.#cost.showInstead(
        empty(
          "No rate is known for these models",
          "The tenant's catalogue names rates:",
          el("code", {}, "aicore models list"),
        ),
      );
      return;
    }
    this.#cost.show({
      ...axis,
      layers: [
        { label: "Capacity units", colour: 3, values: buckets.map((bucket) => bucket.capacity_units) },
      ],
      format: units,
      describe: `Bar chart: ${units(total.capacity_units)} capacity units in ${range.words}`,
    });
  }

  /**
   * What stands beside the title: the bucket under the pointer, else where days begin.
   * @param {"tokens" | "cost"} chart
   * @param {number | undefined} at
   */
  #read(chart, at) {
    if (!this.#shown) return;
    const { series, range } = this.#shown;
    const bucket = at === undefined ? undefined : series.buckets[at];
    const start = series.starts[at ?? -1];
    const utc = isDaily(range);
    if (!bucket || start === undefined) {
      say(byId(`${chart}-readout`), utc ? "days are UTC" : "");
      return;
    }
    const when = timeLabel(start, utc);
    const cost = `${when}: ${units(bucket.capacity_units)}`;
    const parts = TOKENS.map(({ label, field }) => `${label.toLowerCase()} ${compact(bucket[field])}`);
    say(byId(`${chart}-readout`), chart === "cost" ? cost : `${when}: ${parts.join(", ")}`);
  }
}

function keyItem(/** @type {{ label: string, colour: number }} */ { label, colour }) {
  return el("li", {}, el("span", { class: `swatch swatch-${colour}` }), label);
}
