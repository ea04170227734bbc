/** `--live`: a tiny request to every running deployment, through the same proxy that tools use. */
import { randomBytes } from "node:crypto";
import type { Deployment } from "../../aicore/deployment.ts";
import { ORCHESTRATION } from "../../aicore/executables.ts";
import { allowsOrchestration } from "../../catalog/offer.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { unlimitedKey } from "../../keys/accepted.ts";
import { type Proxy as OpenProxy, startProxy } from "../../proxy/server.ts";
import { type Check, ok } from "../check.ts";
import type { Facts } from "../facts.ts";
import type { Door } from "./ask.ts";
import { CatalogById, type Target, targetOf, targetThrough } from "./catalog.ts";
import { tryOut } from "./trials.ts";

/** The check that opens the proxy, and those that it lets in. */
export interface LiveGate {
  check: Check;
  /** One a deployment, once the gate is open; none when it stayed shut. */
  checks: readonly Check[];
  close(): Promise<void>;
}

export function liveGate(): LiveGate {
  let proxy: OpenProxy | undefined;
  const gate: LiveGate = {
    checks: [],
    check: {
      id: "live",
      title: "Requests",
      needs: ["deployments"],
      async run(facts) {
        const targets = await targetsIn(facts);
        const key = `aicl_${randomBytes(32).toString("base64url")}`;
        proxy = await openProxy(facts, targets, key);
        const door = { url: proxy.url, key };
        gate.checks = targets.map((target) => checkOf(target, door));
        return ok(
          `to ${targets.length} running deployment${targets.length === 1 ? "" : "s"}, through a proxy of this run`,
        );
      },
    },
    close: async () => await proxy?.close({ drain: 0 }),
  };
  return gate;
}

async function openProxy(facts: Facts, targets: readonly Target[], key: string): Promise<OpenProxy> {
  const { log, version } = facts.given;
  const client = await facts.client();
  const catalog = new CatalogById({ clients: [client], log, throughOrchestration: false }, targets);
  return await startProxy({
    port: 0,
    keys: [unlimitedKey("one-time", key)],
    catalog,
    clients: [client],
    log,
    version,
  });
}

function checkOf(target: Target, door: Door): Check {
  const { deployment, model } = target;
  return {
    id: `live:${deployment.id}`,
    title: model.via === "orchestration" ? `${ORCHESTRATION} (${model.id})` : model.id,
    run: () => tryOut(target, door),
  };
}

async function targetsIn(facts: Facts): Promise<Target[]> {
  const running = (await facts.deployments()).filter(({ status }) => status === "RUNNING");
  const own = running.flatMap((deployment) => targetOf(deployment) ?? []);
  const orchestrations = running.filter(({ scenario }) => scenario === ORCHESTRATION);
  if (orchestrations.length === 0) return own;
  const cheapest = cheapestOf((await facts.catalogue()).filter(allowsOrchestration));
  const through = (deployment: Deployment) => (cheapest ? targetThrough(deployment, cheapest) : undefined);
  return [...own, ...orchestrations.flatMap((deployment) => through(deployment) ?? [])];
}

/** The model for text whose input costs least; rates are texts in the rows of a version. */
function cheapestOf(rows: readonly JsonObject[]): string | undefined {
  const priced = rows.flatMap((row) => {
    const versions = Array.isArray(row.versions) ? row.versions.filter(isObject) : [];
    const version = versions.find(({ isLatest }) => isLatest) ?? versions[0];
    const writes = JSON.stringify(version?.capabilities ?? "").includes("text-generation");
    return writes && typeof row.model === "string" ? [{ model: row.model, rate: inputRate(version) }] : [];
  });
  return priced.sort((a, b) => a.rate - b.rate)[0]?.model;
}

function inputRate(version: JsonObject | undefined): number {
  const costs = Array.isArray(version?.cost) ? version.cost.filter(isObject) : [];
  const rate = costs.map(({ inputCost }) => Number(inputCost)).find((cost) => cost > 0);
  return rate ?? Number.POSITIVE_INFINITY;
}
