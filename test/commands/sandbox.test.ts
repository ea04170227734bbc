import { existsSync, readdirSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { aicore, firstLine, start, temporaryFolder } from "../cli/run.ts";
import { MODELS } from "../support/default-tenant.ts";

describe("sandbox", () => {
  test("prints the path of a key that works, and takes it away at the end", async () => {
    const child = start(["sandbox"]);
    const path = await firstLine(child);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await aicore(["login", path, "--insecure-storage"])).toMatchObject({ code: 0 });
    child.kill("SIGTERM");
    const { code, stderr } = await child.result;
    expect(stderr).toMatch(/^A simulated SAP AI Core runs on http:\/\/127\.0\.0\.1:\d+/);
    expect({ code, left: existsSync(path) }).toEqual({ code: 0, left: false });
  });

  test("prints one ready line with --json", async () => {
    const child = start(["sandbox", "--json"]);
    expect(JSON.parse(await firstLine(child))).toEqual({
      event: "ready",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      port: expect.any(Number),
      pid: child.pid,
      service_key: expect.stringMatching(/service-key\.json$/),
    });
    child.kill("SIGINT");
    expect(await child.result).toMatchObject({ code: 0, stderr: "" });
  });

  test("a busy port is exit 6", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void holder.close());
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as AddressInfo;
    expect(await aicore(["sandbox", "--port", String(port)])).toMatchObject({ code: 6 });
  });
});

describe("demo", () => {
  test("goes from login to a streamed answer, a tool call and cached tokens, and leaves nothing behind", async () => {
    const home = temporaryFolder();
    const { code, stdout, stderr } = await aicore(["demo"], { env: { HOME: home, AICORE_CLI_HOME: home } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const part of [
      /Logged in: profile "default"/,
      /^d04d64b906e407d9 .* STOPPED/m,
      new RegExp(`^aicore listens on http://127\\.0\\.0\\.1:\\d+ with ${MODELS.length} models$`, "m"),
      /^Hello! I am a simulated Claude\./m,
      /^\[calls the tool get_weather\] \{/m,
      /18 degrees and sunny in Walldorf$/m,
      /^INPUT +CACHE WRITE +CACHE READ +OUTPUT\n\d+ +[1-9]\d* +0 +\d+\n\d+ +0 +[1-9]\d* +\d+\n/m,
    ]) {
      expect(stdout).toMatch(part);
    }
    expect(readdirSync(home)).toEqual([]);
  });

  test("is one document with --json", async () => {
    const { stdout, stderr } = await aicore(["demo", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(stderr).toBe("");
  });
});
