import { expect, onTestFinished, test } from "vitest";
import { AicoreClient } from "../../src/aicore/client.ts";
import { listDeployments } from "../../src/aicore/deployments.ts";
import { listResourceGroups } from "../../src/aicore/resource-groups.ts";
import { CredentialsRefusedError } from "../../src/aicore/token-answer.ts";
import { Catalog } from "../../src/catalog/catalog.ts";
import { readServiceKey } from "../../src/config/service-key.ts";
import { ApiError } from "../../src/errors.ts";
import { isObject } from "../../src/hub/json.ts";
import { silentLogger } from "../../src/log.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { ROWS } from "../support/default-tenant.ts";
import { openNetwork, rejection, tenantFor } from "./fake-sap.ts";

let sandbox: Sandbox;

async function start(options: SandboxOptions = {}): Promise<AicoreClient> {
  sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return clientFor("default");
}

function clientFor(resourceGroup: string, secret?: string): AicoreClient {
  const key = { ...sandbox.serviceKey, ...(secret && { clientsecret: secret }) };
  const { credentials } = readServiceKey(key);
  const tenant = tenantFor(sandbox.url, { credentials, resourceGroup });
  return new AicoreClient({ tenant, network: openNetwork(), log: silentLogger });
}

const tokenCalls = () => sandbox.requests.filter(({ path }) => path.startsWith("/oauth/token")).length;

test.each([{}, { pageSize: 2 }])(
  "the deployments of a tenant with every oddity of live ones, %o",
  async (options) => {
    const client = await start(options);
    const deployments = await listDeployments(client);
    expect(deployments).toHaveLength(ROWS.length);
    // The first ten show the oddities.
    const oddities = deployments.slice(0, 10);
    expect(oddities.map(({ id, model, status, executable }) => [id, model, status, executable])).toEqual([
      ["df1de8f5611ecd76", "anthropic--claude-4.8-opus", "RUNNING", "aws-bedrock"],
      ["dd0ed8eb991230f2", "anthropic--claude-4.6-opus", "RUNNING", "aws-bedrock"],
      ["d452809d631de61f", "anthropic--claude-4.6-sonnet", "RUNNING", "aws-bedrock"],
      ["d1757cd71b0fca9e", "anthropic--claude-4.6-sonnet", "RUNNING", "aws-bedrock"],
      ["df17f9b306220b52", "anthropic--claude-4.5-sonnet", "RUNNING", "aws-bedrock"],
      ["dbd5aa74c06c576d", "anthropic--claude-4.5-haiku", "RUNNING", "aws-bedrock"],
      ["d07a10fca201a746", "gpt-4o", "STOPPED", "azure-openai"],
      ["dfdb1188c9a2140b", "gemini-2.5-pro", "PENDING", "gcp-vertexai"],
      ["d2ca531ea1d6cae2", "mistralai--mistral-medium-instruct", "DEAD", "aicore-mistralai"],
      ["d04d64b906e407d9", undefined, "STOPPED", "orchestration"],
    ]);
    expect(sandbox.refused).toEqual([]);
  },
);

test("other resource groups, and what happens in one that does not exist", async () => {
  const client = await start();
  expect((await listResourceGroups(client)).map(({ id }) => id)).toEqual([
    "default",
    "harmonised",
    "team-blue",
  ]);
  expect(await listDeployments(client, { resourceGroup: "team-blue" })).toHaveLength(2);
  const error = await rejection(listDeployments(client, { resourceGroup: "nowhere" }), ApiError);
  expect(error).toMatchObject({ status: 403, message: "RBAC: access denied" });
});

test("a wrong secret is refused once, whoever asks", async () => {
  await start();
  const client = clientFor("default", "wrong");
  await rejection(listDeployments(client), CredentialsRefusedError);
  await rejection(listDeployments(client), CredentialsRefusedError);
  expect(tokenCalls()).toBe(1);
});

test("revoked tokens are replaced without anyone noticing", async () => {
  const client = await start();
  await listDeployments(client);
  sandbox.revokeTokens();
  expect(await listDeployments(client)).toHaveLength(ROWS.length);
  expect(tokenCalls()).toBe(2);
});

test("an answer of the newest Sonnet, found by the name that Claude Code sends", async () => {
  const client = await start();
  const catalog = new Catalog({ clients: [client], log: silentLogger });
  const { deployments, model } = await catalog.resolve("claude-sonnet-4-6-20260218");
  expect(deployments.map(({ id }) => id)).toEqual(["d1757cd71b0fca9e", "d452809d631de61f"]);
  const [deployment] = deployments;
  if (!deployment) return expect.unreachable();
  const answer = await client.infer({
    deployment,
    path: "/invoke",
    body: JSON.stringify({
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: Math.min(1_000, model.capabilities.maxOutputTokens),
      messages: [{ role: "user", content: "hello" }],
    }),
  });
  const json: unknown = JSON.parse(await answer.body.text());
  expect(answer.status).toBe(200);
  expect(isObject(json) && json.role).toBe("assistant");
  expect(sandbox.refused).toEqual([]);
});

test("after a miss the deployment that is left answers", async () => {
  const client = await start({ provisioning: 0 });
  const catalog = new Catalog({ clients: [client], log: silentLogger });
  const ids = async () => (await catalog.resolve("sonnet")).deployments.map(({ id }) => id);
  expect(await ids()).toEqual(["d1757cd71b0fca9e", "d452809d631de61f"]);
  await client.manage("PATCH", "/lm/deployments/d1757cd71b0fca9e", { body: { targetStatus: "STOPPED" } });
  await catalog.refreshAfterMiss();
  expect(await ids()).toEqual(["d452809d631de61f"]);
});
