import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stopAll } from "../../bench/children.ts";
import { generate, questionFor } from "../../bench/load.ts";
import { makeWorkFolder } from "../../bench/places.ts";
import { shortMessages } from "../../bench/requests.ts";
import { messages } from "../../bench/scenarios.ts";
import { type Stage, setStage } from "../../bench/stage.ts";

const compiles = process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;

describe.runIf(compiles)("upstream and load generator", () => {
  const folder = makeWorkFolder();
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage(folder, 0.02);
  });
  afterAll(async () => {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const direct = (streams: boolean, pace: "dense" | "gpt" | "flood") => {
    const scenario = { id: pace, streams, ...messages(shortMessages()) };
    const target = { subject: "direct" as const, port: stage.upstream.port };
    return questionFor(scenario, stage.deployments[pace], target, folder);
  };

  test("whole answers are counted and timed", async () => {
    const report = await generate(stage.load, direct(false, "dense"), { connections: 3, requests: 20 });
    expect(report).toMatchObject({ answers: 20, bad: 0, events: 0 });
    expect(report.answer.p50).toBeGreaterThan(0);
  });

  test.each(["dense", "gpt", "flood"] as const)("every event of the streams arrives: %s", async (pace) => {
    const question = direct(true, pace);
    const report = await generate(stage.load, question, { connections: 4, requests: 8 });
    expect(report).toMatchObject({ answers: 8, bad: 0, events: 8 * question.events });
    expect(report.event.p99).toBeGreaterThan(0);
  });

  test("an answer with another number of events is bad", async () => {
    const question = { ...direct(true, "dense"), events: 11 };
    expect(await generate(stage.load, question, { connections: 1, requests: 2 })).toMatchObject({
      answers: 0,
      bad: 2,
    });
  });

  test("the tenant's page and token are where the proxy looks for them", async () => {
    const url = `http://127.0.0.1:${stage.upstream.port}`;
    const token = await fetch(`${url}/oauth/token`, {
      method: "POST",
      body: "grant_type=client_credentials",
    });
    expect(await token.json()).toMatchObject({ access_token: expect.any(String) });
    const page = await fetch(`${url}/v2/lm/deployments?status=RUNNING`);
    expect(await page.json()).toMatchObject({ count: Object.keys(stage.deployments).length });
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });
});
