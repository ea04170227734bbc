import { byId, el, empty, say } from "./dom.js";
import { whole } from "./format.js";
import { endOf } from "./recent.js";
import { badge, timeOf } from "./requests.js";

const MOST = 8;

/** What a status means here, and where to look next. */
const ADVICE = [
  { is: 400, text: "The request was not valid for this model; its client was told which field." },
  { is: 401, text: "SAP refused our credentials: aicore doctor." },
  { is: 403, text: "Not allowed, such as a model that the key may not use: aicore keys list." },
  { is: 404, text: "No such model is deployed: aicore models list." },
  { is: 413, text: "The request was too large." },
  { is: 429, text: "A limit of the key or a quota of SAP's is used up." },
  { is: 502, text: "The upstream gave no answer that can be read: aicore doctor." },
  { is: 503, text: "The upstream is overloaded or away." },
  { is: 504, text: "The upstream took too long." },
  { is: 529, text: "This proxy was too busy." },
];

/** The newest requests that failed or broke off. */
export function showErrors(/** @type {import("./recent.js").Recent} */ { errors, list }) {
  say(
    byId("errors-note"),
    errors.length > 0 ? `${whole(errors.length)} of the last ${whole(list.length)} requests` : "",
  );
  const among =
    list.length > 0 ? `The last ${whole(list.length)} requests went well.` : "There were no requests yet.";
  byId("errors").replaceChildren(
    errors.length === 0
      ? empty("No errors", among)
      : el("ul", { class: "errors" }, ...errors.slice(0, MOST).map(line)),
  );
}

function line(/** @type {import("./api.js").FinishedRequest} */ request) {
  const { model, requested, key, tool, attempts, id } = request;
  const who = [key, tool].filter(Boolean).join(" · ");
  const tries = attempts > 1 ? `${attempts} tries. ` : "";
  return el(
    "li",
    {},
    badge(request),
    el(
      "span",
      {},
      el("span", { class: "label" }, model ?? requested ?? "(no model)"),
      el("span", { class: "sub" }, who),
    ),
    el("span", { class: "time" }, timeOf(endOf(request))),
    el("span", { class: "advice" }, `${tries}${adviceFor(request)} `, el("code", {}, id)),
  );
}

function adviceFor(/** @type {import("./api.js").FinishedRequest} */ { outcome, status }) {
  if (outcome === "broken") return "The answer broke off; its client was told.";
  const known = ADVICE.find(({ is }) => is === status);
  return known?.text ?? (status >= 500 ? "The upstream failed." : "The request was refused.");
}
