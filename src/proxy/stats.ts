import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";

/**
 * `GET /stats`: what happens now, and what was learned since the start. No prompts, no keys. `requests` counts each request
 * to a model once, when it is over: those that are over and those in flight are all that were let in since the start.
 */
export function stats(exchange: Exchange, context: ProxyContext): void {
  const { catalog, targets, learned, tally, version, startedAt } = context;
  const deployments = catalog.models().flatMap((model) => model.deployments);
  const once = [...new Map(deployments.map((each) => [`${each.profile}/${each.id}`, each])).values()];
  sendJson(exchange, 200, {
    version,
    uptime_seconds: Math.round((Date.now() - startedAt) / 1_000),
    requests: tally.counts,
    waiting: targets.waiting,
    targets: targets.list(once).map(({ deployment, target: { inFlight, breaker, rest } }) => ({
      profile: deployment.profile,
      deployment: deployment.id,
      model: deployment.model ?? deployment.scenario,
      resource_group: deployment.resourceGroup,
      in_flight: inFlight,
      breaker: breaker.open ? (breaker.admits ? "half-open" : "open") : "closed",
      retry_in_seconds: Math.ceil(breaker.retryIn / 1_000),
      resting: rest.resting,
      ranked_last: rest.rankedLast,
    })),
    learned: learned.list(),
  });
}
