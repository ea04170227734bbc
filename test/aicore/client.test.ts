import { expect, test } from "vitest";
import type { AicoreClient } from "../../src/aicore/client.ts";
import type { Deployment } from "../../src/aicore/deployment.ts";
import { ApiError } from "../../src/errors.ts";
import { clientOf, grantingSap, listeningLog, rejection, SECRET, TOKEN_PATH } from "./fake-sap.ts";

const LIST = "/v2/lm/deployments";

function deploymentAt(url: string): Deployment {
  return {
    id: "d1",
    url,
    model: "anthropic--claude-4.6-opus",
    modelVersion: "latest",
    status: "RUNNING",
    executable: "aws-bedrock",
    scenario: "foundation-models",
    resourceGroup: "team",
    profile: "default",
    configurationName: "",
    createdAt: "",
    statusMessage: "",
  };
}

function invoke(client: AicoreClient, url: string) {
  return client.infer({
    deployment: deploymentAt(`${url}/v2/inference/deployments/d1`),
    path: "/invoke",
    body: '{"a":1}',
  });
}

test("a management call carries our headers, the query as SAP writes it, and JSON", async () => {
  const sap = await grantingSap(() => ({ json: { id: "c1" } }));
  const client = clientOf(sap.url);
  const answer = await client.manage("POST", "/lm/configurations", {
    query: { $top: 5, status: "A B", left: undefined },
    body: { name: "x" },
    resourceGroup: "team",
  });
  expect(answer).toEqual({ id: "c1" });
  const [, request] = sap.received;
  expect(request).toMatchObject({
    method: "POST",
    path: "/v2/lm/configurations",
    query: { $top: "5", status: "A B" },
    body: '{"name":"x"}',
  });
  expect(request?.headers).toMatchObject({
    authorization: "Bearer token-1",
    "ai-resource-group": "team",
    "ai-client-type": "aicore",
    accept: "application/json",
    "content-type": "application/json",
  });
  expect(request?.headers).not.toHaveProperty("ai-tenant-id");
});

test.each([
  ["/lm/deployments", "default"],
  ["/admin/resourceGroups", undefined],
])("the resource group of %s is %s", async (path, group) => {
  const sap = await grantingSap();
  await clientOf(sap.url).manage("GET", path);
  expect(sap.received[1]?.headers["ai-resource-group"]).toBe(group);
});

test("an empty answer is an empty object", async () => {
  const sap = await grantingSap(() => ({ status: 202, text: "" }));
  expect(await clientOf(sap.url).manage("DELETE", "/lm/deployments/d1")).toEqual({});
});

test("F18: a token that AI Core refuses is replaced once and the call repeated", async () => {
  const sap = await grantingSap((_, nth) =>
    nth === 1 ? { status: 401, text: "Jwt is expired" } : { json: { count: 0 } },
  );
  expect(await clientOf(sap.url).manage("GET", "/lm/deployments")).toEqual({ count: 0 });
  expect(
    sap.received.filter(({ path }) => path === LIST).map(({ headers }) => headers.authorization),
  ).toEqual(["Bearer token-1", "Bearer token-2"]);
});

test("F19: a permanent 401 stops after the second call", async () => {
  const sap = await grantingSap(() => ({ status: 401, text: "Jwt issuer is not configured" }));
  const error = await rejection(clientOf(sap.url).manage("GET", "/lm/deployments"), ApiError);
  expect(error).toMatchObject({ status: 401, type: "authentication_error", origin: "upstream" });
  expect(error.message).toBe("Jwt issuer is not configured");
  expect(sap.count(LIST)).toBe(2);
  expect(sap.count(TOKEN_PATH)).toBe(2);
});

test("F20: a 403 passes at once, with what to do", async () => {
  const sap = await grantingSap(() => ({ status: 403, text: "RBAC: access denied" }));
  const error = await rejection(clientOf(sap.url).manage("GET", "/lm/deployments"), ApiError);
  expect(error).toMatchObject({ status: 403, type: "permission_error", message: "RBAC: access denied" });
  expect(error.hint).toContain("resource-groups list");
  expect(sap.count(LIST)).toBe(1);
});

test("a landscape that misses the tenant id gets it, from then on with every call", async () => {
  const sap = await grantingSap(({ headers }) =>
    headers["ai-tenant-id"] ? {} : { status: 400, json: { error: { message: "Missing Tenant Id" } } },
  );
  const client = clientOf(sap.url);
  await client.manage("GET", "/lm/deployments");
  await client.manage("GET", "/lm/deployments");
  expect(sap.received.map(({ headers }) => headers["ai-tenant-id"])).toEqual([
    undefined,
    undefined,
    "tenant-1",
    "tenant-1",
  ]);
});

test.each([
  ["JSON that is cut", '{"count":'],
  ["HTML", "<html></html>"],
  ["an array", "[]"],
])("F33: 200 with %s is 502", async (_, text) => {
  const sap = await grantingSap(() => ({ text }));
  const error = await rejection(clientOf(sap.url).manage("GET", "/lm/meta"), ApiError);
  expect(error).toMatchObject({ status: 502, reason: "bad_answer", origin: "upstream" });
  expect(error.message).toContain("GET /lm/meta");
});

test("an inference call carries exactly our headers, and the deployment's group", async () => {
  const sap = await grantingSap(() => ({ status: 429, json: { message: "slow down" } }));
  const answer = await invoke(clientOf(sap.url), sap.url);
  expect(answer.status).toBe(429);
  expect(JSON.parse(await answer.body.text())).toEqual({ message: "slow down" });
  const { "content-length": _, host: __, connection: ___, ...headers } = sap.received[1]?.headers ?? {};
  expect(headers).toEqual({
    authorization: "Bearer token-1",
    "ai-resource-group": "team",
    "ai-client-type": "aicore",
    "content-type": "application/json",
    accept: "application/json",
    "accept-encoding": "identity",
  });
  expect(sap.received[1]).toMatchObject({
    method: "POST",
    path: "/v2/inference/deployments/d1/invoke",
    body: '{"a":1}',
  });
  expect(sap.received).toHaveLength(2);
});

test("forgetToken makes the next call ask for a new one", async () => {
  const sap = await grantingSap((_, nth) => (nth === 1 ? { status: 401 } : {}));
  const client = clientOf(sap.url);
  const first = await invoke(client, sap.url);
  expect(first.status).toBe(401);
  first.forgetToken();
  const second = await invoke(client, sap.url);
  first.forgetToken();
  expect(second.status).toBe(200);
  await invoke(client, sap.url);
  expect(sap.count(TOKEN_PATH)).toBe(2);
});

test.each([
  ["another host", (attacker: string) => `${attacker}/v2/inference/deployments/d1`],
  ["user part", (attacker: string) => `http://api.sap@${new URL(attacker).host}`],
  ["another port", (_: string, sap: string) => `${sap}1`],
  ["no URL", () => "xxxx"],
  ["nothing", () => ""],
])("T12: a deployment URL with %s gets no token", async (_, urlOf) => {
  const attacker = await grantingSap();
  const sap = await grantingSap();
  const deployment = deploymentAt(urlOf(attacker.url, sap.url));
  const error = await rejection(
    clientOf(sap.url).infer({ deployment, path: "/invoke", body: "{}" }),
    ApiError,
  );
  expect(error).toMatchObject({ status: 502, reason: "foreign_deployment_url" });
  expect(attacker.received).toHaveLength(0);
  expect(sap.received).toHaveLength(0);
});

test("F39: no redirect is followed, neither for models nor for management", async () => {
  const attacker = await grantingSap();
  const sap = await grantingSap(() => ({ status: 307, headers: { location: attacker.url } }));
  const client = clientOf(sap.url);
  expect((await invoke(client, sap.url)).status).toBe(307);
  expect(await rejection(client.manage("GET", "/lm/meta"), ApiError)).toMatchObject({ status: 502 });
  expect(attacker.received).toHaveLength(0);
});

test("secrets stay out of the log and of errors, whatever is echoed", async () => {
  const { log, lines } = listeningLog();
  const sap = await grantingSap(({ headers }) => ({
    status: 500,
    text: `failed with authorization: ${headers.authorization} and client_secret=${SECRET}`,
  }));
  const error = await rejection(clientOf(sap.url, { log }).manage("GET", "/lm/meta"), ApiError);
  const told = [error.message, error.stack, JSON.stringify(error), ...lines].join("\n");
  expect(told).not.toContain("token-1");
  expect(told).not.toContain("canary");
});
