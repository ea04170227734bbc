/** kill -9, twenty times: the next start is clean (security F46). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadSettings } from "../../src/config/settings.ts";
import { loggedInWorld } from "../commands/world.ts";
import { modeOf, newUser } from "../config/home.ts";
import { ask } from "../support/questions.ts";
import { serve } from "./serving.ts";

const TIMES = 20;
const STREAMS = 8;

test("F46 under load: no stream looks complete, and the next start is clean", {
  timeout: 180_000,
}, async () => {
  const world = await loggedInWorld({ pace: 20 });
  const keys = new Set<string>();
  for (let time = 0; time < TIMES; time++) {
    const proxy = await serve(world);
    keys.add(proxy.key);
    const status = JSON.parse((await world.run("status --json")).stdout);
    expect(status.proxies).toEqual([{ url: proxy.url, port: proxy.port, pid: proxy.child.pid }]);
    const question = ask(`Say: ${"word ".repeat(200)}`, { stream: true });
    const answers = await Promise.all(
      Array.from({ length: STREAMS }, () => proxy.post("/v1/messages", question)),
    );
    proxy.child.kill("SIGKILL");
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow();
    }
    await proxy.child.result;
  }
  expect(keys.size).toBe(1);
  const { child, port } = await serve(world);
  const state = () => readdirSync(join(world.home, "state")).filter((name) => !name.includes(".db"));
  expect(state().sort()).toEqual(["local-key", `serve-${port}.json`]);
  child.kill("SIGTERM");
  expect(await child.result).toMatchObject({ code: 0, stderr: "" });
  expect(state()).toEqual(["local-key"]);
});

const SETTINGS = fileURLToPath(new URL("../../build/config/settings.js", import.meta.url));

/** Changes settings for ever, and says so after each change. */
const WRITER = `
  const { loadSettings } = await import(${JSON.stringify(SETTINGS)});
  const settings = loadSettings(process.env);
  for (let i = 0; ; i++) {
    await settings.setAlias("alias-" + (i % 50), "m".repeat(i * 97 % 4000 + 1));
    await settings.set("server.port", String(1000 + i));
    process.stdout.write(".");
  }
`;

test("F46 whoever writes config.json may be killed at any moment", { timeout: 120_000 }, async () => {
  const { env, configPath, paths } = newUser();
  for (let time = 0; time < TIMES; time++) {
    const writer = spawn(process.execPath, ["--input-type=module", "--eval", WRITER], { env });
    let writes = 0;
    await new Promise<void>((resolve) => {
      writer.stdout.on("data", (text: Buffer) => {
        writes += text.length;
        if (writes > 3 * time) resolve();
      });
    });
    writer.kill("SIGKILL");
    await once(writer, "close");
    JSON.parse(readFileSync(configPath, "utf8"));
    expect(loadSettings(env).value("server.port")).toBeGreaterThanOrEqual(1000);
  }
  const leftovers = () => readdirSync(paths.config).filter((name) => name !== "config.json");
  for (const name of leftovers()) {
    expect(modeOf(join(paths.config, name))).toBe("0600");
    utimesSync(join(paths.config, name), 0, 0);
  }
  await loadSettings(env).setAlias("last", "one");
  expect(leftovers()).toEqual([]);
});
