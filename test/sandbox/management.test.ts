/** protocol.md 3: the listings of the default tenant in all their oddity, and the life of a deployment. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { ROWS } from "../support/default-tenant.ts";
import { Client, type Reply } from "./client.ts";

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ provisioning: 0 });
  client = await Client.of(sandbox);
});
afterAll(() => sandbox.close());

const rows = ({ json }: Reply) => (Array.isArray(json.resources) ? json.resources.filter(isObject) : []);
const list = async (query = "", group = "default") =>
  rows(await client.call(`/lm/deployments${query}`, { group }));

/** Where a listed deployment shows its model: "backendDetails", "backend_details", both or nowhere. */
function spellings({ details }: JsonObject): string {
  const resources = isObject(details) && isObject(details.resources) ? details.resources : {};
  return Object.entries(resources)
    .filter(([, value]) => JSON.stringify(value).includes('"name"'))
    .map(([key]) => key)
    .join(" and ");
}

describe("the default tenant", () => {
  test("shows every oddity that live tenants show", async () => {
    const all = await list();
    expect(new Set(all.map(spellings))).toEqual(
      new Set(["backendDetails", "backend_details", "backendDetails and backend_details", ""]),
    );
    expect(new Set(all.map(({ status }) => status))).toEqual(
      new Set(["RUNNING", "STOPPED", "PENDING", "DEAD"]),
    );
    expect(all.some((row) => !("executableId" in row))).toBe(true);
    const urls = all.map(({ status, deploymentUrl }) => (status === "RUNNING") === (deploymentUrl !== ""));
    expect(urls).not.toContain(false);
  });

  test("hides one model behind its configuration", async () => {
    const hidden = (await list("?status=RUNNING")).find((row) => spellings(row) === "");
    const { json } = await client.call(`/lm/configurations/${hidden?.configurationId}`);
    expect(json.parameterBindings).toContainEqual({ key: "modelName", value: "anthropic--claude-4.5-haiku" });
    expect(hidden?.configurationName).not.toContain("haiku");
  });

  test("has two deployments of one model", async () => {
    const created = (await list()).filter((row) => JSON.stringify(row).includes("claude-4.6-sonnet"));
    expect(new Set(created.map(({ createdAt }) => createdAt)).size).toBe(2);
  });

  test("keeps its groups apart", async () => {
    const ids = (await list("", "team-blue")).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect((await list()).map(({ id }) => id)).not.toContain(ids[0]);
    const other = await client.call(`/lm/deployments/${ids[0]}`);
    expect(other.status).toBe(404);
  });

  test("has a catalogue in which some costs are missing and the others are strings", async () => {
    const models = rows(await client.call("/lm/scenarios/foundation-models/models"));
    const costs = models
      .map((row) => JSON.stringify(row.versions))
      .map((text) => /"inputCost":"[\d.]+"/.test(text));
    expect(new Set(costs)).toEqual(new Set([true, false]));
  });

  test("lists its groups to whoever names none", async () => {
    const answer = await client.call("/admin/resourceGroups", { headers: {}, group: "" });
    expect(rows(answer).map((row) => row.resourceGroupId)).toEqual(["default", "harmonised", "team-blue"]);
  });
});

describe("queries", () => {
  const ofCloud = ROWS.filter(({ model }) => /^(gpt|gemini|text-embedding)/.test(model ?? ""));
  test.each([
    ["", ROWS.length],
    ["?status=RUNNING", ROWS.filter(({ status }) => status === undefined).length],
    ["?scenarioId=orchestration", 1],
    ["?executableIds=azure-openai,gcp-vertexai", ofCloud.length],
    ["?configurationId=none", 0],
  ])("GET /lm/deployments%s counts %i", async (query, count) => {
    expect((await client.call(`/lm/deployments${query}`)).json.count).toBe(count);
    expect((await client.call(`/lm/deployments/$count${query}`)).text).toBe(String(count));
  });

  test("pages are short, the count is the total", async () => {
    const paged = await startSandbox({ pageSize: 3 });
    const reader = await Client.of(paged);
    const total = ROWS.length;
    const pages = await Promise.all(
      [0, 3, total - 1, total].map((skip) => reader.call(`/lm/deployments?$top=100&$skip=${skip}`)),
    );
    await paged.close();
    expect(pages.map((page) => [page.json.count, rows(page).length])).toEqual([
      [total, 3],
      [total, 3],
      [total, 1],
      [total, 0],
    ]);
  });

  test("more than 1000 rows are too many", async () => {
    const { status, json } = await client.call("/lm/deployments?$top=1001");
    expect(status).toBe(413);
    expect(json.error).toMatchObject({
      message: "Result set exceeds the maximum of 1000 rows. Use $top and $skip",
    });
  });

  test.each(["?$top=x", "?$skip=-1"])("%s is refused", async (query) => {
    expect((await client.call(`/lm/deployments${query}`)).status).toBe(400);
  });
});

describe("the resource group", () => {
  test.each(["", "nobody"])('"%s" is denied as plain text', async (group) => {
    const answer = await client.call("/lm/deployments", { group });
    expect(answer).toMatchObject({ status: 403, text: "RBAC: access denied" });
    expect(answer.headers["content-type"]).toBe("text/plain");
  });
});

describe("the life of a deployment", () => {
  const post = (path: string, body: unknown) => client.call(path, { method: "POST", body });
  const bindings = [{ key: "modelName", value: "anthropic--claude-4.5-opus" }];
  const draft = {
    name: "mine",
    scenarioId: "foundation-models",
    executableId: "aws-bedrock",
    parameterBindings: bindings,
  };

  test("create, use, stop, delete", async () => {
    const configuration = await post("/lm/configurations", draft);
    expect(configuration).toMatchObject({ status: 201, json: { message: "Configuration created" } });
    const created = await post("/lm/deployments", { configurationId: configuration.json.id, ttl: "24H" });
    expect(created).toMatchObject({ status: 202, json: { deploymentUrl: "", status: "UNKNOWN" } });

    const path = `/lm/deployments/${created.json.id}`;
    const running = await client.call(path);
    expect(running.json).toMatchObject({ status: "RUNNING", ttl: "24H", statusDetails: {} });
    expect(running.json.deploymentUrl).toBe(`${sandbox.url}/v2/inference/deployments/${created.json.id}`);

    expect((await client.call(path, { method: "DELETE" })).json.error).toMatchObject({ code: "01010076" });
    expect((await client.call(path, { method: "PATCH", body: { targetStatus: "STOPPED" } })).status).toBe(
      202,
    );
    expect((await client.call(`${path}?$select=status`)).json).toEqual({ status: "STOPPED" });
    expect((await client.call(path, { method: "DELETE" })).status).toBe(202);
    expect((await client.call(path)).status).toBe(404);
  });

  test("UNKNOWN, PENDING: no URL, no inference, no stop while UNKNOWN", async () => {
    const slow = await startSandbox({ provisioning: 3_600_000 });
    const other = await Client.of(slow);
    const { json } = await other.call("/lm/configurations");
    const first =
      Array.isArray(json.resources) && isObject(json.resources[0]) ? json.resources[0].id : undefined;
    const created = await other.call("/lm/deployments", { method: "POST", body: { configurationId: first } });
    const path = `/lm/deployments/${created.json.id}`;
    expect((await other.call(path)).json).toMatchObject({ status: "UNKNOWN", deploymentUrl: "" });
    const stopped = await other.call(path, { method: "PATCH", body: { targetStatus: "STOPPED" } });
    const invoked = await other.call(`/inference/deployments/${created.json.id}/invoke`, {
      method: "POST",
      body: {},
    });
    await slow.close();
    expect(stopped.json.error).toMatchObject({ code: "01010076", target: `/api/v2${path}` });
    expect(stopped.json.error).toHaveProperty("requestId");
    expect(invoked).toMatchObject({ status: 404, json: { error: { message: "Deployment ID not found" } } });
  });

  test.each([
    ["an unknown configuration", { configurationId: "nope" }, "01510003"],
    ["no configuration", {}, "01510003"],
  ])("not from %s", async (_name, body, code) => {
    expect(await post("/lm/deployments", body)).toMatchObject({ status: 400, json: { error: { code } } });
  });

  const binding = (key: string, value: unknown) => ({ key, value });
  test.each<[string, object, RegExp]>([
    ["no name", { name: undefined }, /name, scenarioId and executableId are required/],
    ["a name with other letters", { name: "modèle" }, /name must match/],
    ["a name that is too long", { name: "x".repeat(257) }, /name must match/],
    ["bindings that are no list", { parameterBindings: {} }, /must be a list/],
    ["a binding that is no text", { parameterBindings: [binding("a", 1)] }, /parameterBindings\[0\]\.value/],
    ["a value that is too long", { parameterBindings: [binding("a", "x".repeat(5_001))] }, /\[0\]\.value/],
  ])("no configuration with %s", async (_name, change, says) => {
    const { status, json } = await post("/lm/configurations", { ...draft, ...change });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ message: expect.stringMatching(says) });
  });

  test.each<[string, object, RegExp]>([
    ["of an unknown scenario", { scenarioId: "weather" }, /scenario weather does not exist/],
    ["by another executable", { executableId: "azure-openai" }, /is not served by executable azure-openai/],
    ["without a model", { parameterBindings: [] }, /modelName is missing/],
    ["of an unknown model", { parameterBindings: [binding("modelName", "gpt-9")] }, /gpt-9 is not available/],
    [
      "of an unknown version",
      { parameterBindings: [...bindings, binding("modelVersion", "7")] },
      /has no version 7/,
    ],
    [
      "of orchestration with a model",
      { scenarioId: "orchestration", executableId: "orchestration" },
      /parameter modelName is not defined/,
    ],
  ])("a configuration is stored but not deployed: %s", async (_name, change, says) => {
    const stored = await post("/lm/configurations", { ...draft, ...change });
    expect(stored.status).toBe(201);
    const { status, json } = await post("/lm/deployments", { configurationId: stored.json.id });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: "01510003", message: expect.stringMatching(says) });
  });

  test("a retired version dies and says why", async () => {
    const retired = [binding("modelName", "mistralai--mistral-medium-instruct")];
    const { json } = await post("/lm/configurations", {
      ...draft,
      executableId: "aicore-mistralai",
      parameterBindings: retired,
    });
    const created = await post("/lm/deployments", { configurationId: json.id });
    expect((await client.call(`/lm/deployments/${created.json.id}`)).json).toMatchObject({
      status: "DEAD",
      statusMessage: "Model version is retired",
      deploymentUrl: "",
    });
  });

  test.each<[string, object, string]>([
    ["another target status", { targetStatus: "RUNNING" }, "01010001"],
    ["an unknown configuration", { configurationId: "nope" }, "01510003"],
    ["nothing", {}, "01510003"],
  ])("PATCH with %s is refused", async (_name, body, code) => {
    const answer = await client.call("/lm/deployments/df1de8f5611ecd76", { method: "PATCH", body });
    expect(answer).toMatchObject({ status: 400, json: { error: { code } } });
  });

  test("configurations are listed by scenario and executable", async () => {
    const count = async (query: string) => (await client.call(`/lm/configurations${query}`)).json.count;
    const all = Number(await count(""));
    const own = Number(await count("?scenarioId=foundation-models"));
    expect(own + Number(await count("?scenarioId=orchestration"))).toBeLessThanOrEqual(all);
    expect(await count("?executableIds=perplexity-ai,aicore-nothing")).toBe(1);
  });

  test("not with a ttl that is no duration", async () => {
    const { json } = await post("/lm/configurations", draft);
    expect((await post("/lm/deployments", { configurationId: json.id, ttl: "1 day" })).status).toBe(400);
  });
});
