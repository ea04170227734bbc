import { Counter, Gauge, type Registry } from "prom-client";
import type { Stats } from "./stats.ts";

type Values = [labels: Record<string, string>, value: number][];

interface Row {
  name: string;
  help: string;
  labelNames: readonly string[];
  /** Only ever rises. */
  rises?: true;
  values(now: Stats): Values;
}

const OF_TARGET = ["profile", "deployment", "model"];

/** What is so now, from the document of `/stats`. */
const ROWS: readonly Row[] = [
  {
    name: "aicore_build_info",
    help: "1, with the version that runs.",
    labelNames: ["version"],
    values: ({ version }) => [[{ version }, 1]],
  },
  {
    name: "aicore_requests_in_flight",
    help: "Requests to models that are not over.",
    labelNames: [],
    values: (now) => [[{}, now.in_flight]],
  },
  {
    name: "aicore_requests_waiting",
    help: "Requests that wait for a model to come back from its rest.",
    labelNames: [],
    values: ({ waiting }) => [[{}, waiting]],
  },
  {
    name: "aicore_api_keys",
    help: "API keys that let requests in.",
    labelNames: [],
    values: ({ keys }) => (keys === null ? [] : [[{}, keys]]),
  },
  {
    name: "aicore_target_requests_in_flight",
    help: "Calls that a deployment is answering.",
    labelNames: OF_TARGET,
    values: ofTargets(({ in_flight }) => in_flight),
  },
  {
    name: "aicore_target_breaker_open",
    help: "1 while a deployment is not called because it failed, 0.5 while one call tries it again, else 0.",
    labelNames: OF_TARGET,
    values: ofTargets(({ breaker }) => ({ open: 1, "half-open": 0.5, closed: 0 })[breaker]),
  },
  {
    name: "aicore_target_resting",
    help: "1 while the model of a tenant rests because its quota is used up, else 0.",
    labelNames: OF_TARGET,
    values: ofTargets(({ resting }) => Number(resting)),
  },
  {
    name: "aicore_ledger_info",
    help: "1, with what writes usage down.",
    labelNames: ["engine"],
    values: ({ ledger }) => (ledger?.engine ? [[{ engine: ledger.engine }, 1]] : []),
  },
  {
    name: "aicore_ledger_queued_requests",
    help: "Requests whose usage is not written yet.",
    labelNames: [],
    values: ({ ledger }) => (ledger ? [[{}, ledger.queued]] : []),
  },
  {
    name: "aicore_ledger_spooled_requests",
    help: "Requests whose usage waits in a file for the database to come back.",
    labelNames: [],
    values: ({ ledger }) => (ledger ? [[{}, ledger.spooled]] : []),
  },
  {
    name: "aicore_ledger_dropped_requests_total",
    help: "Requests whose usage was lost.",
    labelNames: [],
    rises: true,
    values: ({ ledger }) => (ledger ? [[{}, ledger.dropped]] : []),
  },
  {
    name: "aicore_ledger_failing",
    help: "1 while usage cannot be written, else 0.",
    labelNames: [],
    values: ({ ledger }) => (ledger ? [[{}, Number(ledger.failing)]] : []),
  },
];

/** Registers them; what it returns sets all of them. */
export function stateGauges(registry: Registry): (now: Stats) => void {
  const set = ROWS.map(({ values, rises, ...row }) => {
    const options = { ...row, registers: [registry] };
    const metric = rises ? new Counter(options) : new Gauge(options);
    return (now: Stats) => {
      // Targets come and go.
      metric.reset();
      for (const [labels, value] of values(now)) metric.inc(labels, value);
    };
  });
  return (now) => {
    for (const each of set) each(now);
  };
}

function ofTargets(read: (target: Stats["targets"][number]) => number): Row["values"] {
  return ({ targets }) =>
    targets.map((target) => {
      const { profile, deployment, model } = target;
      return [{ profile, deployment, model }, read(target)];
    });
}
