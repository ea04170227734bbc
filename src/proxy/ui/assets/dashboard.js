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
  const charts = new Charts();
  const loader = new SeriesLoader(api);
  const recent = new Recent(MOST_RECENT);
  let total = noFigures();
  let loadedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let planned;

  const live = new Live((requests) => {
    showRecent(requests);
    refreshSoon();
  });
  let range = rangePicker((chosen) => {
    range = chosen;
    say(byId("announcer"), `Showing ${chosen.words}`);
    void refresh();
  });

  function showRecent(/** @type {import("./api.js").FinishedRequest[]} */ requests) {
    const isFirst = recent.list.length === 0;
    const added = recent.add(requests);
    showRequests(recent.list, isFirst ? new Set() : added);
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
    await guarded(async () => {
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

  /** One load for however many requests end within a while. */
  function refreshSoon() {
    const wait = Math.max(BEHIND, loadedAt + LEAST_BETWEEN - Date.now());
    planned ??= setTimeout(() => void refresh(), wait);
  }

  /** Runs a load and tells when it fails; what is shown already stays. */
  async function guarded(/** @type {() => Promise<void>} */ load) {
    try {
      await load();
      byId("problem").hidden = true;
    } catch (error) {
      if (signal.aborted) return;
      byId("problem").hidden = false;
      say(byId("problem"), `Not up to date: ${error instanceof Error ? error.message : error}`);
    }
  }

  const catchUp = () => guarded(async () => showRecent(await api.recent(MOST_RECENT)));

  const told = {
    event(/** @type {string} */ name, /** @type {any} */ data) {
      if (name === "request") live.arrived(data);
      if (name === "stats" && !live.paused) showTargets(data);
    },
    open() {
      live.connected();
      if (live.paused) return;
      void catchUp();
      void refresh();
    },
    lost: (/** @type {number} */ wait) => live.lost(wait),
    refused: (/** @type {Error} */ failure) => signOut(failure.message),
  };
  void follow(api, told, signal);

  const ticking = setInterval(() => {
    tickTimes();
    if (!live.paused && Date.now() - loadedAt > AT_LATEST) void refresh();
  }, TICK);
  signal.addEventListener("abort", () => {
    clearInterval(ticking);
    clearTimeout(planned);
  });
}
