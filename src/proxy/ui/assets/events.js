import { ApiFailure } from "./api.js";
import { EventReader } from "./sse.js";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** The server says something every 2 seconds; after this long without a word the connection is taken for dead. */
const SILENCE = 15_000;

/**
 * Follows `/admin/events` until the signal ends it, through every interruption.
 * @param {import("./api.js").Api} api
 * @param {object} told
 * @param {(request: import("./api.js").FinishedRequest) => void} told.request
 * @param {(stats: import("./api.js").Stats) => void} told.stats
 * @param {() => void} told.open each time that a connection stands; what happened before it was not heard
 * @param {(milliseconds: number) => void} told.lost the connection is gone; the next try comes then
 * @param {(failure: ApiFailure) => void} told.refused the key no longer opens it; nothing more is tried
 * @param {AbortSignal} signal
 */
export async function follow(api, told, signal) {
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      await listen(api, signal, {
        ...told,
        open() {
          pause = FIRST_PAUSE;
          told.open();
        },
      });
    } catch (error) {
      if (error instanceof ApiFailure && (error.status === 401 || error.status === 403)) {
        told.refused(error);
        return;
      }
    }
    if (signal.aborted) return;
    const wait = pause * (0.75 + Math.random() / 2);
    told.lost(wait);
    await rest(wait, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/**
 * One connection, until it ends.
 * @param {import("./api.js").Api} api
 * @param {AbortSignal} signal
 * @param {Pick<Parameters<typeof follow>[1], "request" | "stats" | "open">} told
 */
async function listen(api, signal, told) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE);
  try {
    const response = await api.open("admin/events", AbortSignal.any([signal, silence.signal]));
    if (!response.body) return;
    told.open();
    const reader = response.body.getReader();
    const text = new TextDecoder();
    const events = new EventReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE);
      for (const { event, data } of events.read(text.decode(piece.value, { stream: true }))) {
        if (event === "request") told.request(JSON.parse(data));
        if (event === "stats") told.stats(JSON.parse(data));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Ends early when the machine is back on a network. */
function rest(/** @type {number} */ milliseconds, /** @type {AbortSignal} */ signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve(undefined);
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
