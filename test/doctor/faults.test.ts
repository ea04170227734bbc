/** What goes wrong at users, put there on purpose: which check finds it, and what it says. */
import { expect, test } from "vitest";
import type { Fault } from "./fault.ts";
import { HERE } from "./faults-here.ts";
import { THERE } from "./faults-there.ts";
import { newScene, type Scene } from "./scene.ts";

test.each([...HERE, ...THERE])("$fault: $check", async (row) => {
  if (row.linux && process.platform !== "linux") return;
  const scene = await newScene(row.sandbox);
  await row.inject(scene);
  const found = row.binary ? await byBinary(scene, row) : (await scene.examine()).get(row.check);
  expect(found).toMatchObject({
    status: row.status,
    message: expect.stringMatching(row.message),
    fix: expect.stringMatching(row.fix),
  });
  if (row.detail) expect(found?.details?.join("\n")).toMatch(row.detail);
  expect(JSON.stringify(found)).not.toMatch(/canary|Ab\+3/);
});

async function byBinary(scene: Scene, { check, status }: Fault) {
  const { report, ran } = await scene.run();
  expect(ran.code).toBe(status === "fail" ? 1 : 0);
  expect(report.ok).toBe(status !== "fail");
  expect(ran.stderr).not.toMatch(/Error:/);
  return report.checks.find(({ id }) => id === check);
}
