/** Numbers as the browser's user writes them; words in the page's language. */
const WHOLE = new Intl.NumberFormat();
const COMPACT = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const UNITS = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const PERCENT = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const SECONDS = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export const NOTHING = "–";

export function whole(/** @type {number} */ count) {
  return WHOLE.format(count);
}

/** 950, 1.2K, 3.4M. */
export function compact(/** @type {number} */ count) {
  return COMPACT.format(count);
}

/** Capacity units; null: the rate is not known. */
export function units(/** @type {number | null} */ amount) {
  if (amount === null) return NOTHING;
  return amount >= 10_000 ? COMPACT.format(amount) : UNITS.format(amount);
}

/** A share of a whole; nothing of nothing is no share. */
export function percent(/** @type {number} */ part, /** @type {number} */ all) {
  return all > 0 ? PERCENT.format(part / all) : NOTHING;
}

/** Milliseconds as a person reads them. */
export function duration(/** @type {number | null | undefined} */ milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return NOTHING;
  if (milliseconds < 1_000) return `${WHOLE.format(Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${SECONDS.format(milliseconds / 1_000)} s`;
  return span(milliseconds / 1_000);
}

/** Seconds as two of days, hours, minutes, seconds. */
export function span(/** @type {number} */ seconds) {
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.floor(seconds) % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count !== 0);
  const told = parts.slice(first < 0 ? 3 : first).slice(0, 2);
  return told.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** "12s ago"; `now` and `at` in milliseconds. */
export function ago(/** @type {number} */ at, now = Date.now()) {
  const seconds = Math.round((at - now) / 1_000);
  if (seconds > -5) return "now";
  if (seconds > -60) return RELATIVE.format(seconds, "second");
  if (seconds > -3_600) return RELATIVE.format(Math.round(seconds / 60), "minute");
  if (seconds > -86_400) return RELATIVE.format(Math.round(seconds / 3_600), "hour");
  return RELATIVE.format(Math.round(seconds / 86_400), "day");
}

export function exact(/** @type {number} */ at) {
  return EXACT.format(at);
}
