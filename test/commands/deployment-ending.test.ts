import { expect, onTestFinished, test } from "vitest";
import { AicoreClient } from "../../src/aicore/client.ts";
import { listDeployments } from "../../src/aicore/deployments.ts";
import { endAndDelete } from "../../src/commands/deployment-ending.ts";
import { readServiceKey } from "../../src/config/service-key.ts";
import { silentLogger } from "../../src/log.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { openNetwork, tenantFor } from "../aicore/fake-sap.ts";

test("one that runs by now, though it was listed as UNKNOWN, is stopped after all", async () => {
  const sandbox = await startSandbox({ provisioning: 0 });
  onTestFinished(() => sandbox.close());
  const { credentials } = readServiceKey(sandbox.serviceKey);
  const tenant = tenantFor(sandbox.url, { credentials, resourceGroup: "default" });
  const client = new AicoreClient({ tenant, network: openNetwork(), log: silentLogger });
  const [running] = await listDeployments(client, { status: "RUNNING" });
  if (!running) throw new Error("nothing runs");

  const seen: string[] = [];
  const watching = { signal: new AbortController().signal, tell: (status: string) => void seen.push(status) };
  await endAndDelete(client, { ...running, status: "UNKNOWN" }, watching);

  expect(seen).toEqual(["STOPPING", "STOPPED"]);
  expect((await listDeployments(client)).map(({ id }) => id)).not.toContain(running.id);
  expect(sandbox.requests.map(({ method }) => method).filter((method) => method !== "GET")).toEqual([
    ...["POST", "DELETE", "PATCH", "DELETE"],
  ]);
});
