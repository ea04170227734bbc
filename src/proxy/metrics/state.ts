import type { Stats } from "../stats.ts";
import type { Family, Series } from "./text.ts";

/** A gauge, where it says nothing else. */
interface Row extends Pick<Family, "name" | "help"> {
  type?: "counter";
  series(now: Stats): Series[];
}

/** What is so now, from the document of `/stats`. */
const ROWS: readonly Row[] = [
  {
    name: "aicore_build_info",
    help: "1, with the version that runs.",
    series: ({ version }) => [[{ version }, 1]],
  },
  {
    name: "aicore_requests_in_flight",
    help: "Requests to models that are not over.",
    series: (now) => [[{}, now.in_flight]],
  },
  {
    name: "aicore_requests_waiting",
    help: "Requests that wait for a model to come back from its rest.",
    series: ({ waiting }) => [[{}, waiting]],
  },
  {
    name: "aicore_api_keys",
    help: "API keys that let requests in.",
    series: ({ keys }) => (keys === null ? [] : [[{}, keys]]),
  },
  {
    name: "aicore_target_requests_in_flight",
    help: "Calls that a deployment is answering.",
    series: ofTargets(({ in_flight }) => in_flight),
  },
  {
    name: "aicore_target_breaker_open",
    help: "1 while a deployment is not called because it failed, 0.5 while one call tries it again, else 0.",
    series: ofTargets(({ breaker }) => ({ open: 1, "half-open": 0.5, closed: 0 })[breaker]),
  },
  {
    name: "aicore_target_resting",
    help: "1 while the model of a tenant rests because its quota is used up, else 0.",
    series: ofTargets(({ resting }) => Number(resting)),
  },
  {
    name: "aicore_ledger_info",
    help: "1, with what writes usage down.",
    series: ({ ledger }) => (ledger?.engine ? [[{ engine: ledger.engine }, 1]] : []),
  },
  {
    name: "aicore_ledger_queued_requests",
    help: "Requests whose usage is not written yet.",
    series: ({ ledger }) => (ledger ? [[{}, ledger.queued]] : []),
  },
  {
    name: "aicore_ledger_spooled_requests",
    help: "Requests whose usage waits in a file for the database to come back.",
    series: ({ ledger }) => (ledger ? [[{}, ledger.spooled]] : []),
  },
  {
    name: "aicore_ledger_dropped_requests_total",
    help: "Requests whose usage was lost.",
    type: "counter",
    series: ({ ledger }) => (ledger ? [[{}, ledger.dropped]] : []),
  },
  {
    name: "aicore_ledger_failing",
    help: "1 while usage cannot be written, else 0.",
    series: ({ ledger }) => (ledger ? [[{}, Number(ledger.failing)]] : []),
  },
];

export function stateFamilies(now: Stats): Family[] {
  return ROWS.map(
    ({ type, series, ...named }): Family => ({ ...named, type: type ?? "gauge", series: series(now) }),
  );
}

function ofTargets(read: (target: Stats["targets"][number]) => number): Row["series"] {
  return ({ targets }) =>
    targets.map((target) => {
      const { profile, deployment, model } = target;
      return [{ profile, deployment, model }, read(target)];
    });
}
