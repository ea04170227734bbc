import { showBreakdown } from "./breakdown.js";
import { Charts } from "./charts.js";
import { byId, say } from "./dom.js";
import { showErrors } from "./errors.js";
import { follow } from "./events.js";
import { Live } from "./live.js";
import { rangePicker } from "./range.js";
import { Recent } from "./recent.js";
import { MOST_SHOWN, showRequests, tickTimes } from "./requests.js";
import { noFigures, SeriesLoader } from "./series.js";
import { showTargets } from "./targets.js";
import { showTiles } from "./tiles.js";

const MOST_RECENT = 200;
/** Figures are in the database a second after a request ends. */
const BEHIND = 1_500;
const LEAST_BETWEEN = 5_000;
/** For what other replicas served, and for time that passes. */
const AT_LATEST = 60_000;
const TICK = 5_000;

/**
 * Fills and keeps the page up to date until the signal ends it.
 * @param {import("./api.js").Api} api
 * @param {(reason: string) => void} signOut
 * @param {AbortSignal} signal
 */
export function startDashboard(api, signOut, signal) {
  const charts = new Charts(signal);
  const loader = new SeriesLoader(api);
  const recent = new Recent(MOST_RECENT);
  let total = noFigures();
  let loadedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let planned;
  /** What could not be loaded last time, and why. @type {Map<string, string>} */
  const failures = new Map();

  const live = new Live((requests) => {
    if (signal.aborted || requests.length === 0) return;
    showRecent(requests, true);
    refreshSoon();
  }, catchUp);
  let range = rangePicker((chosen) => {
    range = chosen;
    say(byId("announcer"), `Showing ${chosen.words}`);
    void refresh();
  });

  /**
   * @param {import("./api.js").FinishedRequest[]} requests
   * @param {boolean} [areNews] whether they arrived just now
   */
  function showRecent(requests, areNews) {
    const added = recent.add(requests);
    showRequests(recent.list, areNews ? added : new Set());
    showErrors(recent);
    showTiles(total, recent);
    const shown = Math.min(recent.list.length, MOST_SHOWN);
    say(byId("requests-note"), shown > 0 ? `the last ${shown}, as they end` : "");
  }

  /** Usage of the range; an answer that comes after another choice was made is dropped. */
  async function refresh() {
    const asked = range;
    clearTimeout(planned);
    planned = undefined;
    loadedAt = Date.now();
    await guarded("usage", async () => {
      const series = await loader.load(asked);
      const since = new Date(series.starts[0] ?? 0);
      const [models, keys] = await Promise.all([
        api.usage({ by: "model", since }),
        api.usage({ by: "key", since }),
      ]);
      if (asked !== range || signal.aborted) return;
      total = series.total;
      say(byId("shown"), `in ${asked.words}`);
      charts.show(series, asked);
      showBreakdown("model", models.rows, asked.words);
      showBreakdown("key", keys.rows, asked.words);
      showTiles(total, recent);
    });
  }

  /** What ended while nobody listened, here or at another replica. */
  async function catchUp() {
    await guarded("requests", async () => {
      const requests = await api.recent(MOST_RECENT);
      if (!signal.aborted) showRecent(requests);
    });
  }

  /** One load for however many requests end within a while. */
  function refreshSoon() {
    const wait = Math.max(BEHIND, loadedAt + LEAST_BETWEEN - Date.now());
    planned ??= setTimeout(() => void refresh(), wait);
  }

  /**
   * Runs a load and tells while it fails; what is shown already stays.
   * @param {string} what
   * @param {() => Promise<void>} load
   */
  async function guarded(what, load) {
    try {
      await load();
      failures.delete(what);
    } catch (error) {
      failures.set(what, error instanceof Error ? error.message : String(error));
    }
    if (signal.aborted) return;
    const [message] = failures.values();
    byId("problem").hidden = message === undefined;
    say(byId("problem"), message === undefined ? "" : `Not up to date: ${message}`);
  }

  const told = {
    request: (/** @type {import("./api.js").FinishedRequest} */ request) => live.arrived(request),
    stats(/** @type {import("./api.js").Stats} */ stats) {
      if (!live.paused) showTargets(stats);
    },
    open() {
      live.connected();
      if (live.paused) return;
      void catchUp();
      refreshSoon();
    },
    lost: (/** @type {number} */ wait) => live.lost(wait),
    refused: (/** @type {Error} */ failure) => signOut(failure.message),
  };
  void refresh();
  void catchUp();
  void follow(api, told, signal);

  const ticking = setInterval(() => {
    tickTimes();
    if (live.paused || Date.now() - loadedAt < AT_LATEST) return;
    void refresh();
    void catchUp();
  }, TICK);
  signal.addEventListener("abort", () => {
    clearInterval(ticking);
    clearTimeout(planned);
  });
}
