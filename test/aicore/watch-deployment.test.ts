import { expect, test } from "vitest";
import { watchDeployment } from "../../src/aicore/watch-deployment.ts";
import { ApiError } from "../../src/errors.ts";
import { clientOf, grantingSap, type Reply, rejection } from "./fake-sap.ts";

const ADDRESS = { id: "d1", resourceGroup: "default" };

/** What is seen of a deployment whose answers come in this order; the last one stays. */
async function watched(answers: Reply[], most: number): Promise<(string | undefined)[]> {
  const sap = await grantingSap((_request, nth) => answers[Math.min(nth, answers.length) - 1] ?? {});
  const seen: (string | undefined)[] = [];
  for await (const state of watchDeployment(clientOf(sap.url), ADDRESS, new AbortController().signal)) {
    seen.push(state?.status);
    if (seen.length === most) break;
  }
  return seen;
}

const is = (status: string): Reply => ({ json: { id: "d1", scenarioId: "orchestration", status } });

test("each state is seen, none while SAP AI Core knows no such deployment", async () => {
  expect(await watched([{ status: 404 }, is("PENDING"), is("RUNNING")], 3)).toEqual([
    undefined,
    "PENDING",
    "RUNNING",
  ]);
});

test("a failure that passes is waited out", async () => {
  expect(await watched([{ status: 503 }, { status: 429 }, is("RUNNING")], 1)).toEqual(["RUNNING"]);
});

test("one that stays is told, and a refusal at once", async () => {
  const failing = watched([{ status: 500, text: "oops" }], 1);
  expect(await rejection(failing, ApiError)).toMatchObject({ status: 500 });
  const refused = watched([{ status: 403, text: "RBAC: access denied" }], 1);
  expect(await rejection(refused, ApiError)).toMatchObject({ status: 403 });
});

test("the signal ends it between two looks", async () => {
  const sap = await grantingSap(() => is("PENDING"));
  const end = new AbortController();
  const seen: unknown[] = [];
  const watching = (async () => {
    for await (const state of watchDeployment(clientOf(sap.url), ADDRESS, end.signal)) {
      seen.push(state?.status);
      end.abort();
    }
  })();
  await expect(watching).rejects.toThrow(/abort/i);
  expect(seen).toEqual(["PENDING"]);
});
