/** The admin key, for as long as this tab lives: session storage ends with the tab and no other tab sees it. */
const STORE = "aicore-admin-key";

export function savedKey() {
  return sessionStorage.getItem(STORE) ?? undefined;
}

/** @param {string} key */
export function saveKey(key) {
  sessionStorage.setItem(STORE, key);
}

export function forgetKey() {
  sessionStorage.removeItem(STORE);
}
