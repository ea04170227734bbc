import { expect, test } from "vitest";
import { Catalog, type CatalogOptions } from "../../src/catalog/catalog.ts";
import { ApiError } from "../../src/errors.ts";
import {
  clientOf,
  type FakeSap,
  grantingSap,
  listeningLog,
  type Received,
  type Reply,
  rejection,
} from "../aicore/fake-sap.ts";

const LIST = "/v2/lm/deployments";
const OFFER = "/v2/lm/scenarios/foundation-models/models";
const OPUS = "anthropic--claude-4.6-opus";
const MINUTE = 60_000;

/** A tenant whose deployments are those of `state.models`, or which is down. */
async function tenantWith(
  state: { models: string[]; down?: boolean },
  more?: (request: Received) => Reply,
): Promise<FakeSap> {
  return grantingSap((request) => {
    if (state.down) return { status: 500, text: "down" };
    if (request.path !== LIST) return more?.(request) ?? { status: 404 };
    const resources = state.models.map((name) => row(request, name));
    return { json: { count: resources.length, resources } };
  });
}

function row({ headers }: Received, name: string) {
  const orchestration = name === "orchestration";
  return {
    id: name,
    status: name.startsWith("stopped") ? "STOPPED" : "RUNNING",
    scenarioId: orchestration ? "orchestration" : "foundation-models",
    deploymentUrl: `http://${headers.host}/v2/inference/deployments/${name}`,
    details: orchestration ? {} : { resources: { backend_details: { model: { name } } } },
  };
}

/** A catalogue over these tenants, whose clock the test moves. */
function catalogOver(urls: string[], options: Partial<CatalogOptions> = {}) {
  const { log, lines } = listeningLog();
  const time = { now: 0 };
  const clients = urls.map((url, nth) =>
    clientOf(url, { log, tenant: { profile: `p${nth}`, resourceGroup: `g${nth}` } }),
  );
  return { catalog: new Catalog({ clients, log, now: () => time.now, ...options }), lines, time };
}

const ids = (catalog: Catalog) => catalog.models().map(({ id }) => id);

test("the first look is waited for, once however many ask, and then serves", async () => {
  const sap = await tenantWith({ models: [OPUS, "stopped-one"] });
  const { catalog } = catalogOver([sap.url]);
  expect(catalog.ready).toBe(false);
  const resolutions = await Promise.all(Array.from({ length: 20 }, () => catalog.resolve("opus")));
  expect(resolutions[19]).toMatchObject({
    requested: "opus",
    why: "exact",
    model: { id: OPUS, via: "deployment" },
    deployments: [{ id: OPUS, profile: "p0", resourceGroup: "g0" }],
  });
  expect(catalog.ready).toBe(true);
  expect(catalog.deployments()).toHaveLength(1);
  expect(sap.count(LIST)).toBe(1);
  expect(sap.received.find(({ path }) => path === LIST)?.query.status).toBe("RUNNING");
});

test("after five minutes the list is renewed behind the request that finds it old", async () => {
  const state = { models: [OPUS] };
  const sap = await tenantWith(state);
  const { catalog, time } = catalogOver([sap.url]);
  await catalog.resolve("opus");
  state.models = ["anthropic--claude-4.8-opus"];
  time.now = 5 * MINUTE - 1;
  await catalog.resolve("opus");
  expect(sap.count(LIST)).toBe(1);
  time.now = 5 * MINUTE;
  expect((await catalog.resolve("opus")).model.id).toBe(OPUS);
  await expect.poll(() => ids(catalog)).toEqual(["anthropic--claude-4.8-opus"]);
  expect(sap.count(LIST)).toBe(2);
});

test("a failed look keeps the old list and is repeated after half a minute", async () => {
  const state = { models: [OPUS], down: false };
  const sap = await tenantWith(state);
  const { catalog, time, lines } = catalogOver([sap.url]);
  await catalog.refresh();
  state.down = true;
  expect(await rejection(catalog.refresh(), ApiError)).toMatchObject({ status: 500 });
  expect((await catalog.resolve("opus")).model.id).toBe(OPUS);
  expect(lines.filter((line) => line.includes("could not be listed"))).toHaveLength(1);
  state.down = false;
  state.models = [OPUS, "gpt-5"];
  time.now = 31_000;
  await catalog.resolve("opus");
  await expect.poll(() => ids(catalog)).toEqual([OPUS, "gpt-5"]);
});

test("while nothing could be read, the reason is told, not a 404", async () => {
  const sap = await tenantWith({ models: [], down: true });
  const { catalog } = catalogOver([sap.url]);
  expect(await rejection(catalog.resolve("opus"), ApiError)).toMatchObject({ status: 500, message: "down" });
  expect(catalog.ready).toBe(false);
});

test("a name that is not there is looked for once more: it may be new", async () => {
  const state = { models: [OPUS] };
  const sap = await tenantWith(state);
  const { catalog } = catalogOver([sap.url]);
  await catalog.refresh();
  state.models = [OPUS, "gpt-5"];
  expect((await catalog.resolve("gpt-5")).model.id).toBe("gpt-5");
});

test("misses look at most once in five seconds", async () => {
  const sap = await tenantWith({ models: [OPUS] });
  const { catalog, time } = catalogOver([sap.url]);
  await catalog.refresh();
  for (let call = 0; call < 5; call++) {
    const error = await rejection(catalog.resolve("gpt-5"), ApiError);
    expect(error.message).toBe(`model 'gpt-5' is not deployed in resource group 'g0'. Available: ${OPUS}.`);
  }
  expect(sap.count(LIST)).toBe(2);
  time.now += 5_000;
  await catalog.refreshAfterMiss();
  expect(sap.count(LIST)).toBe(3);
});

test("a refresh after a miss that fails leaves what is there", async () => {
  const state = { models: [OPUS], down: false };
  const sap = await tenantWith(state);
  const { catalog } = catalogOver([sap.url]);
  await catalog.refresh();
  state.down = true;
  await catalog.refreshAfterMiss();
  expect(ids(catalog)).toEqual([OPUS]);
});

test("tenants stand together, and one that fails does not hide the other", async () => {
  const first = { models: [OPUS], down: false };
  const sapOne = await tenantWith(first);
  const sapTwo = await tenantWith({ models: [OPUS, "gpt-5"] });
  const { catalog } = catalogOver([sapOne.url, sapTwo.url]);
  first.down = true;
  await catalog.refresh();
  expect(ids(catalog)).toEqual([OPUS, "gpt-5"]);
  first.down = false;
  await catalog.refresh();
  const { deployments } = await catalog.resolve("opus");
  expect(deployments.map(({ profile }) => profile).sort()).toEqual(["p0", "p1"]);
  first.down = true;
  await catalog.refresh();
  expect((await catalog.resolve("opus")).deployments).toHaveLength(2);
});

test("a stand-in is told once in the log; strict refuses it", async () => {
  const sap = await tenantWith({ models: [OPUS] });
  const { catalog, lines } = catalogOver([sap.url]);
  await catalog.resolve("claude-opus-9");
  await catalog.resolve("claude-opus-9");
  expect(
    lines.filter((line) => line.includes(`'claude-opus-9' is not deployed; '${OPUS}' answers`)),
  ).toHaveLength(1);
  const { catalog: strict } = catalogOver([sap.url], { strict: true });
  expect(await rejection(strict.resolve("claude-opus-9"), ApiError)).toMatchObject({ status: 404 });
});

test("aliases of the user come first", async () => {
  const sap = await tenantWith({ models: [OPUS, "gpt-5"] });
  const { catalog } = catalogOver([sap.url], { aliases: { "claude-*": "gpt-5" } });
  expect(await catalog.resolve("claude-opus-4-6")).toMatchObject({ model: { id: "gpt-5" }, why: "alias" });
});

function offer(): Reply {
  const through = (...scenarios: string[]) => scenarios.map((scenarioId) => ({ scenarioId }));
  const resources = [
    { model: OPUS, allowedScenarios: through("foundation-models", "orchestration") },
    { model: "gpt-4o", allowedScenarios: through("foundation-models", "orchestration") },
    { model: "gpt-realtime", allowedScenarios: through("foundation-models") },
    { model: "odd" },
  ];
  return { json: { count: resources.length, resources } };
}

test("with orchestration running, the tenant's catalogue adds what it offers there", async () => {
  const sap = await tenantWith({ models: [OPUS, "orchestration"] }, offer);
  const { catalog } = catalogOver([sap.url], { throughOrchestration: true });
  await catalog.refresh();
  expect(catalog.models().map(({ id, via }) => [id, via])).toEqual([
    [OPUS, "deployment"],
    ["gpt-4o", "orchestration"],
  ]);
  expect((await catalog.resolve("gpt-4o")).deployments).toMatchObject([{ id: "orchestration" }]);
});

test("the tenant's catalogue is not asked for in vain", async () => {
  const running = await tenantWith({ models: [OPUS, "orchestration"] }, offer);
  await catalogOver([running.url], { throughOrchestration: false }).catalog.refresh();
  expect(running.count(OFFER)).toBe(0);
  const without = await tenantWith({ models: [OPUS] }, offer);
  await catalogOver([without.url], { throughOrchestration: true }).catalog.refresh();
  expect(without.count(OFFER)).toBe(0);
});
