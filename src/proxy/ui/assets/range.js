import { byId, el } from "./dom.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STORE = "aicore-range";

/**
 * `count` buckets of `step` milliseconds, the last one still open. Days are those of UTC, as limits count them.
 * @typedef {{ id: string, label: string, words: string, step: number, count: number }} Range
 * @type {Range[]}
 */
export const RANGES = [
  { id: "1h", label: "1 h", words: "the last hour", step: 5 * MINUTE, count: 12 },
  { id: "24h", label: "24 h", words: "the last 24 hours", step: HOUR, count: 24 },
  { id: "7d", label: "7 d", words: "the last 7 days", step: DAY, count: 7 },
  { id: "30d", label: "30 d", words: "the last 30 days", step: DAY, count: 30 },
];

export function isDaily(/** @type {Range} */ { step }) {
  return step === DAY;
}

/** Where the buckets of a range begin, oldest first; milliseconds since 1970. */
export function startsOf(/** @type {Range} */ { step, count }, now = Date.now()) {
  const last = Math.floor(now / step) * step;
  return Array.from({ length: count }, (_, at) => last - (count - 1 - at) * step);
}

/**
 * Fills the picker.
 * @param {(range: Range) => void} choose called for each choice of the user
 * @returns {Range} the choice of this tab so far
 */
export function rangePicker(choose) {
  const saved = sessionStorage.getItem(STORE) ?? "24h";
  const current = RANGES.find(({ id }) => id === saved) ?? /** @type {Range} */ (RANGES[1]);
  const options = RANGES.map((range) => {
    const input = el("input", { type: "radio", name: "range", value: range.id, "aria-label": range.words });
    if (range === current) input.setAttribute("checked", "");
    input.addEventListener("change", () => {
      sessionStorage.setItem(STORE, range.id);
      choose(range);
    });
    return el("label", {}, input, el("span", { "aria-hidden": "true" }, range.label));
  });
  const picker = byId("range");
  picker.replaceChildren(/** @type {Element} */ (picker.querySelector("legend")), ...options);
  return current;
}
