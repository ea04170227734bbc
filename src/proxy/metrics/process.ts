import { collectDefaultMetrics, Registry } from "prom-client";

/** Gauges that are named like counters, which Prometheus' own linter refuses; their parts stay (prom-client 15.1). */
const MISNAMED = [
  "nodejs_active_resources_total",
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
];

let registry: Registry | undefined;

/** Of the process, however many proxies run in it: its observers cannot be ended, so there is one set of them. */
export function processMetrics(): Promise<string> {
  registry ??= newRegistry();
  return registry.metrics();
}

function newRegistry(): Registry {
  const created = new Registry();
  collectDefaultMetrics({ register: created });
  for (const name of MISNAMED) created.removeSingleMetric(name);
  return created;
}
