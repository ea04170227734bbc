import { byId, el, empty, table } from "./dom.js";
import { compact, percent, units, whole } from "./format.js";
import { promptOf, tokensOf } from "./series.js";

const MOST = 10;

/**
 * Usage by model or by key: a row each, with a bar for its share of the tokens of the largest.
 * @param {"model" | "key"} group
 * @param {import("./api.js").FiguresRow[]} rows
 * @param {string} words the range, in words
 */
export function showBreakdown(group, rows, words) {
  const place = byId(`by-${group}`);
  if (rows.length === 0) {
    place.replaceChildren(empty(`Nothing used in ${words}`, "A longer range may have more."));
    return;
  }
  const sorted = rows.toSorted((one, other) => tokensOf(other) - tokensOf(one));
  const most = Math.max(1, ...sorted.map(tokensOf));
  const columns = [
    { title: group === "model" ? "Model" : "Key", class: "named" },
    { title: "Requests", class: "number wide" },
    { title: "Tokens", class: "number" },
    { title: "Cached", class: "number wide" },
    { title: "Units", class: "number" },
  ];
  const shown = sorted
    .slice(0, MOST)
    .map((row) => line(row.group[group] ?? "(unknown)", row, tokensOf(row) / most));
  const left = sorted.length - shown.length;
  place.replaceChildren(
    table(`Usage by ${group} in ${words}`, columns, shown),
    left > 0 ? el("p", { class: "muted" }, `and ${whole(left)} more: aicore usage --by ${group}`) : "",
  );
}

/**
 * @param {string} name
 * @param {import("./api.js").Figures} figures
 * @param {number} share
 */
function line(name, figures, share) {
  const fill = el("span", { class: "fill" });
  fill.style.setProperty("--share", `${(share * 100).toFixed(1)}%`);
  return el(
    "tr",
    {},
    el(
      "td",
      { class: "named" },
      el("span", { class: "label", title: name }, name),
      el("span", { class: "track", "aria-hidden": "true" }, fill),
    ),
    el("td", { class: "number wide" }, whole(figures.requests)),
    el("td", { class: "number" }, compact(tokensOf(figures))),
    el("td", { class: "number wide" }, percent(figures.cache_read_tokens, promptOf(figures))),
    el("td", { class: "number" }, units(figures.capacity_units)),
  );
}
