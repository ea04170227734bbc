import { Api } from "./api.js";
import { startDashboard } from "./dashboard.js";
import { byId } from "./dom.js";
import { forgetKey, savedKey, saveKey } from "./session.js";
import { askForKey } from "./sign-in.js";

/** The page's life: ask for a key, show the dashboard, and again after signing out. */
async function run() {
  /** @type {string | undefined} */
  let reason;
  for (;;) {
    let key = savedKey();
    if (!key) {
      key = await askForKey(reason);
      saveKey(key);
    }
    reason = await show(key);
    forgetKey();
  }
}

/** The dashboard until the user signs out or the key is refused: then why. */
function show(/** @type {string} */ key) {
  const end = new AbortController();
  const dashboard = byId("dashboard");
  const signOut = byId("sign-out");
  dashboard.hidden = false;
  signOut.hidden = false;
  return new Promise((/** @type {(reason: string | undefined) => void} */ resolve) => {
    const leave = (/** @type {string | undefined} */ reason) => {
      end.abort();
      dashboard.hidden = true;
      signOut.hidden = true;
      byId("connection").hidden = true;
      for (const id of ["tiles", "by-model", "by-key", "requests", "targets", "errors"])
        byId(id).replaceChildren();
      resolve(reason);
    };
    signOut.onclick = () => leave(undefined);
    startDashboard(new Api(key), leave, end.signal);
    byId("content").focus();
  });
}

void run();
