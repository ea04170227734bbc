import { expect, test } from "vitest";
import { learnedBy } from "../../src/doctor/checks/local.ts";
import { http } from "../aicore/servers.ts";
import { newScene, VERSION } from "./scene.ts";

/** A proxy that has learned: `/stats` answers to the local key alone. */
function proxy(stats: unknown): Promise<number> {
  const answers: Record<string, unknown> = {
    "/health": { status: "ok", version: VERSION },
    "/ready": { ready: true, models: 3 },
    "/stats": stats,
  };
  return http(({ url = "", headers }, response) => {
    const admitted = url === "/health" || headers.authorization === "Bearer aicl_key";
    const body = admitted ? answers[url] : undefined;
    response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? {}));
  });
}

test.each<[string, unknown, string[] | undefined]>([
  [
    "learned",
    { learned: [{ deployment: "d1", repairs: ["beta:x", "field:y"] }] },
    ["deployment d1 refuses: beta:x, field:y"],
  ],
  ["has learned nothing", { learned: [] }, undefined],
  ["has no such route", undefined, undefined],
])("a running proxy that %s", async (_name, stats, details) => {
  const scene = await newScene();
  scene.file(`${scene.paths.state}/local-key`, "aicl_key");
  const port = await proxy(stats);
  scene.runningProxy(port);
  const found = (await scene.examine()).get("running-proxy");
  expect(found).toMatchObject({
    status: "ok",
    message: expect.stringContaining(`:${port} (pid ${process.pid})`),
  });
  expect(found?.message).toContain(`version ${VERSION}, 3 models`);
  expect(found?.details).toEqual(details);
  expect(await learnedBy(scene.facts())).toHaveLength(details?.length ?? 0);
});
