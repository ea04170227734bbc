import { byId, el } from "./dom.js";
import { compact, duration, NOTHING, percent, units, whole } from "./format.js";
import { promptOf, tokensOf } from "./series.js";

/**
 * The figures at the top: usage of the range, latency of the newest requests.
 * @param {import("./api.js").Figures} total
 * @param {import("./recent.js").Recent} recent
 */
export function showTiles(total, recent) {
  const { firstByte, total: whole_, of } = recent.latency;
  const asked = promptOf(total);
  const { unpriced = 0 } = total;
  byId("tiles").replaceChildren(
    tile("Requests", whole(total.requests), failed(recent)),
    tile("Tokens", compact(tokensOf(total)), `${compact(asked)} in, ${compact(total.output_tokens)} out`),
    tile("Capacity units", units(total.capacity_units), priceNote(total, unpriced)),
    tile(
      "Cache hit rate",
      percent(total.cache_read_tokens, asked),
      `${compact(total.cache_read_tokens)} tokens from it`,
    ),
    tile("First byte", duration(firstByte.p50), `p95 ${duration(firstByte.p95)}`, of),
    tile("Whole answer", duration(whole_.p50), `p95 ${duration(whole_.p95)}`, of),
  );
}

/**
 * @param {string} name
 * @param {string} figure
 * @param {string} note
 * @param {number} [of] for a median: of how many requests
 */
function tile(name, figure, note, of) {
  const title = of === undefined ? {} : { title: `Of the last ${of} completed requests` };
  return el(
    "div",
    { class: "tile", ...title },
    el("dt", {}, of === undefined ? name : `${name}, median`),
    el("dd", { class: "figure" }, figure),
    el("dd", { class: "note" }, of === 0 ? "nothing to measure yet" : note),
  );
}

function failed(/** @type {import("./recent.js").Recent} */ { errors, list }) {
  if (list.length === 0) return "none yet";
  return `${whole(errors.length)} of the last ${whole(list.length)} failed`;
}

function priceNote(
  /** @type {import("./api.js").Figures} */ { requests, capacity_units },
  /** @type {number} */ unpriced,
) {
  if (requests === 0) return "SAP's unit of cost";
  if (capacity_units === null) return "no rate is known";
  if (unpriced > 0) return `without ${whole(unpriced)} of unknown rate`;
  return `${units(capacity_units / requests)} a request`.replace(NOTHING, "");
}
