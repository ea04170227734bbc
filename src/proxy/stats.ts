import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";
import { answer, type Operation, ref } from "./operation.ts";

/** What happens now, and what was learned since the start; see `statsNow`. */
export interface Stats {
  version: string;
  uptime_seconds: number;
  /** Requests to a model that were let in and are not over. */
  in_flight: number;
  /** Those of them that wait for a model to come back from its rest. */
  waiting: number;
  /** By how they ended. */
  requests: Readonly<Record<string, number>>;
  targets: TargetStats[];
  learned: { deployment: string; repairs: string[] }[];
  /** How many keys let requests in; null where none is asked for. */
  keys: number | null;
  /** The writing of usage; null where none is kept. */
  ledger: {
    engine: string | null;
    queued: number;
    spooled: number;
    dropped: number;
    failing: boolean;
  } | null;
}

export interface TargetStats {
  profile: string;
  deployment: string;
  model: string;
  resource_group: string;
  in_flight: number;
  breaker: "closed" | "half-open" | "open";
  retry_in_seconds: number;
  resting: boolean;
  ranked_last: boolean;
}

export const statsOperation: Operation = {
  operationId: "stats",
  summary: "What happens now, and what was learned since the start",
  tags: ["state"],
  responses: { 200: answer("No prompts, no keys, no names of keys.", ref("Stats")) },
};

/** `GET /stats`. */
export function stats(exchange: Exchange, context: ProxyContext): void {
  sendJson(exchange, 200, statsNow(context));
}

/**
 * No prompts, no keys, no names of keys. `requests` counts each request to a model once, when it is over: those that are
 * over and those in flight are all that were let in since the start. Of the ledger's trouble it says that there is some;
 * what it is stands in the log, for it may name hosts and users.
 */
export function statsNow(context: ProxyContext): Stats {
  const { targets, learned, tally, version, startedAt } = context;
  return {
    version,
    uptime_seconds: Math.round((Date.now() - startedAt) / 1_000),
    in_flight: tally.inFlight,
    waiting: targets.waiting,
    requests: tally.counts,
    targets: targetsNow(context),
    learned: learned.list(),
    keys: context.keyCount() ?? null,
    ledger: ledgerNow(context),
  };
}

function targetsNow({ catalog, targets }: ProxyContext): TargetStats[] {
  const deployments = catalog.models().flatMap((model) => model.deployments);
  const once = [...new Map(deployments.map((each) => [`${each.profile}/${each.id}`, each])).values()];
  return targets.list(once).map(({ deployment, target: { inFlight, breaker, rest } }) => ({
    profile: deployment.profile,
    deployment: deployment.id,
    model: deployment.model ?? deployment.scenario,
    resource_group: deployment.resourceGroup,
    in_flight: inFlight,
    breaker: breaker.open ? (breaker.admits ? "half-open" : "open") : "closed",
    retry_in_seconds: Math.ceil(breaker.retryIn / 1_000),
    resting: rest.resting,
    ranked_last: rest.rankedLast,
  }));
}

function ledgerNow({ ledger }: ProxyContext): Stats["ledger"] {
  if (!ledger) return null;
  const { engine, queued, spooled, dropped, lastError } = ledger.state();
  return { engine: engine ?? null, queued, spooled, dropped, failing: lastError !== undefined };
}
