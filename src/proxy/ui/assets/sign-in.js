import { Api, ApiFailure } from "./api.js";
import { byId, el } from "./dom.js";

const input = /** @type {HTMLInputElement} */ (byId("key"));
const problem = byId("sign-in-error");

/**
 * Shows the form and waits for a key that opens the dashboard.
 * @param {string} [reason] why the user is here again
 * @returns {Promise<string>}
 */
export function askForKey(reason) {
  byId("sign-in").hidden = false;
  if (reason) tell(reason);
  else problem.hidden = true;
  input.value = "";
  input.focus();
  const form = byId("sign-in-form");
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      const key = input.value.trim();
      if (!(await isAccepted(key))) return;
      input.value = "";
      byId("sign-in").hidden = true;
      resolve(key);
    };
  });
}

/** Tries a key; tells the user what is wrong with it. */
async function isAccepted(/** @type {string} */ key) {
  if (key === "") return refuse("Enter an admin key.");
  // Nothing else can stand in a header.
  if (/[^\x21-\x7e]/.test(key)) return refuse("A key has no spaces and no accented letters; copy it again.");
  const button = /** @type {HTMLButtonElement} */ (byId("sign-in-form").querySelector("button"));
  button.disabled = true;
  try {
    await new Api(key).recent(1);
    problem.hidden = true;
    input.removeAttribute("aria-invalid");
    return true;
  } catch (error) {
    return refuse(...whyNot(error instanceof ApiFailure ? error : new ApiFailure(0, String(error))));
  } finally {
    button.disabled = false;
  }
}

/** @returns {import("./dom.js").Child[]} */
function whyNot(/** @type {ApiFailure} */ { status, message }) {
  switch (status) {
    case 401:
      return ["This key is not known here: it is mistyped, revoked or expired."];
    case 403:
      return [
        "This key may call models, but only an admin key opens the dashboard. Make one with the command below.",
      ];
    case 429:
      return ["Too many wrong keys came from this address. Wait a minute."];
    default:
      return [message];
  }
}

function refuse(/** @type {import("./dom.js").Child[]} */ ...why) {
  tell(...why);
  input.setAttribute("aria-invalid", "true");
  input.focus();
  input.select();
  return false;
}

function tell(/** @type {import("./dom.js").Child[]} */ ...what) {
  problem.replaceChildren(el("span", {}, ...what));
  problem.hidden = false;
}
