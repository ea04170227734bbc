import { expect, test } from "vitest";
import { listDeployments } from "../../src/aicore/deployments.ts";
import { listResourceGroups } from "../../src/aicore/resource-groups.ts";
import { ApiError } from "../../src/errors.ts";
import { clientOf, type FakeSap, grantingSap, listeningLog, type Received, rejection } from "./fake-sap.ts";

const LIST = "/v2/lm/deployments";

function row(nth: number, more: Record<string, unknown> = {}) {
  return {
    id: `d${nth}`,
    status: "RUNNING",
    scenarioId: "foundation-models",
    configurationId: `c${nth % 3}`,
    details: { resources: { backendDetails: { model: { name: "gpt-4o", version: "1" } } } },
    ...more,
  };
}

/** The rows that `$top` and `$skip` ask for. */
function page({ query }: Received, rows: unknown[], count: number | undefined = rows.length) {
  const skip = Number(query.$skip);
  return { json: { count, resources: rows.slice(skip, skip + Number(query.$top)) } };
}

function asked(sap: FakeSap) {
  return sap.received.filter(({ path }) => path === LIST).map(({ query }) => [query.$top, query.$skip]);
}

const rows = (count: number) => Array.from({ length: count }, (_, nth) => row(nth));

test.each([
  [0, 1],
  [1, 1],
  [100, 1],
  [101, 2],
  [250, 3],
])("%i deployments are read in %i pages", async (count, pages) => {
  const sap = await grantingSap((request) => page(request, rows(count)));
  const found = await listDeployments(clientOf(sap.url));
  expect(found.map(({ id }) => id)).toEqual(rows(count).map(({ id }) => id));
  expect(asked(sap)).toHaveLength(pages);
});

test("the status and the resource group are asked for", async () => {
  const sap = await grantingSap((request) => page(request, rows(1)));
  const [found] = await listDeployments(clientOf(sap.url), { status: "RUNNING", resourceGroup: "team" });
  expect(found).toMatchObject({ resourceGroup: "team", profile: "default" });
  expect(sap.received[1]).toMatchObject({ query: { status: "RUNNING", $top: "100", $skip: "0" } });
  expect(sap.received[1]?.headers["ai-resource-group"]).toBe("team");
});

test("without a count a short page is the last", async () => {
  const all = rows(150);
  const sap = await grantingSap(({ query }) => {
    const skip = Number(query.$skip);
    return { json: { resources: all.slice(skip, skip + Number(query.$top)) } };
  });
  expect(await listDeployments(clientOf(sap.url))).toHaveLength(150);
  expect(asked(sap)).toHaveLength(2);
});

test("a host that does not know $skip does not keep us for ever, nor one that counts wrongly", async () => {
  const deaf = await grantingSap(() => ({ json: { count: 1_000, resources: rows(100) } }));
  expect(await listDeployments(clientOf(deaf.url))).toHaveLength(100);
  expect(asked(deaf)).toHaveLength(2);
  const wrong = await grantingSap((request) => page(request, rows(3), 99));
  expect(await listDeployments(clientOf(wrong.url))).toHaveLength(3);
  expect(asked(wrong)).toHaveLength(2);
});

test("413 makes the pages smaller, down to ten rows, and then is told", async () => {
  const sap = await grantingSap((request) =>
    Number(request.query.$top) > 30
      ? { status: 413, text: "Result set exceeds the maximum" }
      : page(request, rows(40)),
  );
  expect(await listDeployments(clientOf(sap.url))).toHaveLength(40);
  expect(asked(sap)).toEqual([
    ["100", "0"],
    ["50", "0"],
    ["25", "0"],
    ["25", "25"],
  ]);
  const strict = await grantingSap(() => ({ status: 413, text: "Result set exceeds the maximum" }));
  expect(await rejection(listDeployments(clientOf(strict.url)), ApiError)).toMatchObject({ status: 413 });
  expect(asked(strict).map(([top]) => top)).toEqual(["100", "50", "25", "12", "10"]);
});

test("configurations are asked for only where needed, each once, and one that fails hides nothing", async () => {
  const bare = [0, 1, 2, 3, 4].map((nth) => row(nth, { details: {}, configurationName: `name-${nth}` }));
  const sap = await grantingSap((request) => {
    if (request.path === LIST) return page(request, [...bare, row(5)]);
    if (request.path.endsWith("/c0")) return { status: 404, text: "gone" };
    return {
      json: {
        executableId: "gcp-vertexai",
        parameterBindings: [{ key: "modelName", value: "gemini-2.5-pro" }],
      },
    };
  });
  const found = await listDeployments(clientOf(sap.url));
  expect(found.map(({ model }) => model)).toEqual([
    "name-0",
    "gemini-2.5-pro",
    "gemini-2.5-pro",
    "name-3",
    "gemini-2.5-pro",
    "gpt-4o",
  ]);
  for (const id of ["c0", "c1", "c2"]) expect(sap.count(`/v2/lm/configurations/${id}`)).toBe(1);
});

test("T12: a deployment on another host is left out and warned of once", async () => {
  const { log, lines } = listeningLog();
  const sap = await grantingSap((request) => {
    const home = `http://${request.headers.host}/v2/inference/deployments`;
    const urls = [`${home}/d0`, "https://attacker.example/d1", "xxxx", `${home}@attacker.example`, ""];
    return page(
      request,
      urls.map((deploymentUrl, nth) => row(nth, { deploymentUrl })),
    );
  });
  const client = clientOf(sap.url, { log });
  await listDeployments(client);
  expect((await listDeployments(client)).map(({ id }) => id)).toEqual(["d0", "d3", "d4"]);
  expect(lines.filter((line) => line.includes("warn"))).toHaveLength(2);
});

test("resource groups", async () => {
  const sap = await grantingSap(() => ({
    json: {
      count: 1,
      resources: [{ resourceGroupId: "default", status: "PROVISIONED", createdAt: "2026-01-01T00:00:00Z" }],
    },
  }));
  expect(await listResourceGroups(clientOf(sap.url))).toEqual([
    { id: "default", status: "PROVISIONED", statusMessage: "", createdAt: "2026-01-01T00:00:00Z" },
  ]);
});
