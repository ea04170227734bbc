import { byId, el, empty, table } from "./dom.js";
import { ago, compact, duration, exact, percent, units } from "./format.js";
import { endOf } from "./recent.js";
import { promptOf } from "./series.js";

export const MOST_SHOWN = 50;

const COLUMNS = [
  { title: "Ended", class: "wide" },
  { title: "Model", class: "named" },
  { title: "Status" },
  { title: "In", class: "number" },
  { title: "Cached", class: "number wide" },
  { title: "Out", class: "number" },
  { title: "Units", class: "number wider wide" },
  { title: "First byte", class: "number wider wide" },
  { title: "Total", class: "number wide" },
];

/** How an outcome is called, and its colour. */
const OUTCOMES = {
  completed: ["", "good"],
  failed: ["", "bad"],
  broken: ["broken", "bad"],
  cancelled: ["left", "warn"],
};

/**
 * The live list.
 * @param {import("./api.js").FinishedRequest[]} requests newest first
 * @param {Set<string>} fresh ids that were not there before
 */
export function showRequests(requests, fresh) {
  const place = byId("requests");
  if (requests.length === 0) {
    place.replaceChildren(
      empty(
        "No requests yet",
        "They appear here as they end. Start a tool:",
        el("code", {}, "aicore claude"),
      ),
    );
    return;
  }
  const rows = requests.slice(0, MOST_SHOWN).map((request) => line(request, fresh.has(request.id)));
  const list = place.querySelector("tbody");
  if (list) {
    list.replaceChildren(...rows);
    return;
  }
  const frame = el(
    "div",
    { class: "requests-frame requests", tabindex: "0", role: "region", "aria-label": "Last requests" },
    table("The last requests, newest first", COLUMNS, rows),
  );
  place.replaceChildren(frame);
}

/** "200", "429", "200 broken"; on a phone the word is heard, not seen. */
export function badge(/** @type {import("./api.js").FinishedRequest} */ { outcome, status }) {
  const [word, colour] = OUTCOMES[outcome] ?? [outcome, ""];
  return el("span", { class: `badge ${colour}` }, status, word && el("span", { class: "word" }, word));
}

/** A time that `tickTimes` keeps relative. */
export function timeOf(/** @type {number} */ at) {
  return el("time", { datetime: new Date(at).toISOString(), title: exact(at) }, ago(at));
}

export function tickTimes() {
  for (const time of document.querySelectorAll("time")) {
    const text = ago(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

/**
 * @param {import("./api.js").FinishedRequest} request
 * @param {boolean} isFresh
 */
function line(request, isFresh) {
  const { model, requested, key, tool } = request;
  const name = model ?? requested ?? "(no model)";
  const who = [key, tool].filter(Boolean).join(" · ");
  const title = requested && requested !== name ? `${name}, asked for as ${requested}` : name;
  const asked = promptOf(request);
  return el(
    "tr",
    { class: isFresh ? "arrived" : "", "data-id": request.id },
    el("td", { class: "time wide" }, timeOf(endOf(request))),
    el(
      "td",
      { class: "named" },
      el("span", { class: "label", title }, name),
      el(
        "span",
        { class: "sub", title: who },
        el("span", { class: "narrow" }, timeOf(endOf(request)), " · "),
        who,
      ),
    ),
    el("td", {}, badge(request)),
    el("td", { class: "number" }, compact(asked)),
    el("td", { class: "number wide" }, percent(request.cache_read_tokens, asked)),
    el("td", { class: "number" }, compact(request.output_tokens)),
    el("td", { class: "number wider wide" }, units(request.capacity_units)),
    el("td", { class: "number wider wide" }, duration(request.first_byte_ms)),
    el("td", { class: "number wide" }, duration(request.took_ms)),
  );
}
