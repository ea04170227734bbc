import { byId, el, empty, say, table } from "./dom.js";
import { span, whole } from "./format.js";

const COLUMNS = [
  { title: "Model", class: "named" },
  { title: "Profile", class: "wide" },
  { title: "In flight", class: "number" },
  { title: "State" },
];

/** Where requests go, and how each place is: what is in trouble comes first. */
export function showTargets(
  /** @type {import("./api.js").Stats} */ { version, uptime_seconds, waiting, targets },
) {
  say(byId("version"), version);
  const inFlight = targets.reduce((sum, target) => sum + target.in_flight, 0);
  const queue = waiting > 0 ? `, ${whole(waiting)} waiting` : "";
  say(byId("targets-note"), `${whole(inFlight)} in flight${queue} · up ${span(uptime_seconds)}`);
  const place = byId("targets");
  if (targets.length === 0) {
    place.replaceChildren(
      empty(
        "No deployments are known",
        "See what the tenant runs:",
        el("code", {}, "aicore deployments list"),
      ),
    );
    return;
  }
  const sorted = targets.toSorted(
    (one, other) => rank(one) - rank(other) || one.model.localeCompare(other.model),
  );
  place.replaceChildren(table("Deployments and their state", COLUMNS, sorted.map(line)));
}

/** @typedef {import("./api.js").Target} Target */

function rank(/** @type {Target} */ { breaker, resting, in_flight }) {
  if (breaker !== "closed") return 0;
  if (resting) return 1;
  return in_flight > 0 ? 2 : 3;
}

function line(/** @type {Target} */ target) {
  const { model, profile, deployment, in_flight } = target;
  return el(
    "tr",
    {},
    el(
      "td",
      { class: "named" },
      el("span", { class: "label", title: model }, model),
      el("span", { class: "sub", title: deployment }, deployment),
    ),
    el("td", { class: "wide" }, profile),
    el("td", { class: "number" }, whole(in_flight)),
    el("td", {}, state(target)),
  );
}

function state(/** @type {Target} */ { breaker, resting, retry_in_seconds }) {
  if (breaker === "half-open") return badge("warn", "On trial", "One request tries whether it is back.");
  if (breaker === "open") {
    const when = retry_in_seconds > 0 ? `, ${span(retry_in_seconds)}` : "";
    return badge(
      "bad",
      `Failing${when}`,
      "Its breaker is open: it failed too often in a row. Tried again then.",
    );
  }
  if (resting) return badge("warn", "Resting", "A quota of SAP's is used up; its model rests there.");
  return badge("good", "Healthy", "Takes requests.");
}

/**
 * @param {string} colour
 * @param {string} word
 * @param {string} title
 */
function badge(colour, word, title) {
  return el("span", { class: `badge ${colour}`, title }, word);
}
