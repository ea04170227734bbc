import { describe, expect, test } from "vitest";
import type { Check, Outcome } from "../../src/doctor/check.ts";
import { examine } from "../../src/doctor/examine.ts";
import type { Facts } from "../../src/doctor/facts.ts";
import { liveGate } from "../../src/doctor/live/index.ts";
import type { Fault, SandboxOptions } from "../../src/sandbox/index.ts";
import { newScene, type Scene } from "./scene.ts";

/** What each deployment shows, by id. */
async function tryAll(scene: Scene): Promise<Record<string, Outcome>> {
  return await withLive(scene, async (checks, facts) => {
    const outcomes = examine(checks, facts).map(async ({ check, outcome }) => {
      return [check.id.replace("live:", ""), await outcome] as const;
    });
    return Object.fromEntries(await Promise.all(outcomes));
  });
}

async function withLive<T>(
  scene: Scene,
  work: (checks: readonly Check[], facts: Facts) => Promise<T>,
): Promise<T> {
  const facts = scene.facts();
  const gate = liveGate();
  try {
    expect(await gate.check.run(facts)).toMatchObject({ status: "ok" });
    return await work(gate.checks, facts);
  } finally {
    await gate.close();
  }
}

describe("what a deployment can do is tried", () => {
  test.each([
    ["anthropic--claude-4.6-sonnet", /^stream, tools, thinking, cache; first event after \d+ ms$/],
    ["gpt-5-mini", /^stream, tools, thinking; /],
    ["gemini-2.5-pro", /^stream, tools, thinking; /],
    ["amazon--nova-pro", /^stream, tools; /],
    ["sonar-pro", /^stream; /],
    ["text-embedding-3-small", /^embeddings of 1536 numbers$/],
  ])("%s", async (model, message) => {
    const scene = await newScene({ deployments: [{ id: "d1", model }] });
    expect((await tryAll(scene)).d1).toMatchObject({ status: "ok", message: expect.stringMatching(message) });
    expect(scene.sandbox.refused).toEqual([]);
  });

  test("orchestration, with the cheapest model that it reaches", async () => {
    const scene = await newScene({ deployments: [{ id: "d1" }] });
    const titles = await withLive(scene, async (checks) => checks.map(({ title }) => title));
    expect(titles).toEqual(["orchestration (anthropic--claude-3-haiku)"]);
    expect((await tryAll(scene)).d1?.status).toBe("ok");
  });
});

const TWINS: SandboxOptions["deployments"] = [
  { id: "d1", model: "gpt-4.1", createdAt: "2026-01-01T00:00:00Z" },
  { id: "d2", model: "gpt-4.1", createdAt: "2026-02-01T00:00:00Z" },
];

describe("a deployment that fails says why and what to do", () => {
  test.each<[fault: Fault, message: RegExp, fix: RegExp]>([
    [
      { status: 429, body: "Quota exceeded", headers: { "retry-after": "60" } },
      /^stream: 429 Quota exceeded/,
      /more quota in SAP AI Launchpad/,
    ],
    [{ status: 403, body: "RBAC: access denied" }, /^stream: 403 RBAC: access denied/, /resource group/],
    [{ status: 500, body: { message: "broken" } }, /^stream: 50\d .*broken/, /stop this deployment/],
    [{ afterEvents: 2, ending: "end" }, /^stream: 502 /, /try again/],
    [{ status: 400, body: { message: "no such field" } }, /^stream: 400 no such field/, /--bundle/],
  ])("%j", async (fault, message, fix) => {
    const scene = await newScene({ deployments: TWINS });
    scene.sandbox.faults.add({ ...fault, deployment: "d1", times: 100 });
    const { d1, d2 } = await tryAll(scene);
    expect(d1).toMatchObject({
      status: "fail",
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    });
    expect(d2).toMatchObject({ status: "ok" });
  });

  test("one that does not call tools", async () => {
    const scene = await newScene({ callsTools: false });
    expect((await tryAll(scene)).d1).toMatchObject({
      status: "warn",
      message: expect.stringContaining("tools: the tool was not called."),
    });
  });

  test("a kind of model that no upstream reaches is a warning", async () => {
    const scene = await newScene({
      deployments: [{ id: "d1", model: "sap-rpt-1", executable: "aicore-sap" }],
    });
    expect((await tryAll(scene)).d1).toMatchObject({
      status: "warn",
      fix: expect.stringContaining("nothing is wrong"),
    });
  });
});
