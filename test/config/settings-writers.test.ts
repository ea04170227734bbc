import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newUser } from "./home.ts";

const SETTINGS = fileURLToPath(new URL("../../build/config/settings.js", import.meta.url));
const WRITES = 25;

test("G6 two processes that write leave a whole file, and nothing beside it", async () => {
  const { env, configPath, paths } = newUser();
  const script = `
    const { loadSettings } = await import(${JSON.stringify(SETTINGS)});
    const settings = loadSettings(process.env);
    for (let i = 0; i < ${WRITES}; i++) await settings.setAlias("a".repeat(i * 40 + 1), process.argv[1]);
  `;
  const writers = ["one", "two"].map((name) =>
    spawn(process.execPath, ["--input-type=module", "--eval", script, name], { env, stdio: "inherit" }),
  );
  let open = writers.length;
  const ends = writers.map(async (writer) => {
    const [code] = await once(writer, "close");
    open--;
    return code;
  });
  let reads = 0;
  while (open > 0) {
    await new Promise(setImmediate);
    if (!readdirSync(paths.config).includes("config.json")) continue;
    JSON.parse(readFileSync(configPath, "utf8"));
    reads++;
  }
  expect(await Promise.all(ends)).toEqual([0, 0]);
  expect(reads).toBeGreaterThan(0);
  expect(readdirSync(paths.config)).toEqual(["config.json"]);
});
