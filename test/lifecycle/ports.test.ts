/** A port that is taken, and who has it (security F54, F55). */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { loggedInWorld } from "../commands/world.ts";
import { ask } from "../support/questions.ts";
import { serve } from "./serving.ts";

const LOOPBACK = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";

test.each([
  [LOOPBACK, LOOPBACK],
  [LOOPBACK, EVERYWHERE],
  [LOOPBACK, "localhost"],
  [EVERYWHERE, LOOPBACK],
])("F54 an aicore on %s has the port that one on %s wants", async (first, second) => {
  const world = await loggedInWorld();
  world.env.AICORE_API_KEYS = "a-key-for-beyond-loopback";
  const { child, port } = await serve(world, `--port 0 --host ${first}`);
  const { code, stdout, stderr } = await world.run(`serve --port ${port} --host ${second}`);
  expect(stderr).toMatch(
    new RegExp(
      `^Error: aicore is already running on (127.0.0.1|localhost):${port} \\(pid ${child.pid}\\)\\.\\n`,
    ),
  );
  expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
});

test.each([LOOPBACK, EVERYWHERE])(
  "F54 an aicore of another home is told without a pid, to %s",
  async (host) => {
    const world = await loggedInWorld();
    world.env.AICORE_API_KEYS = "a-key-for-beyond-loopback";
    const { port } = await serve(world);
    const elsewhere = { env: { AICORE_CLI_HOME: temporaryFolder() } };
    const { code, stderr } = await world.run(`serve --port ${port} --host ${host}`, elsewhere);
    expect(stderr).toMatch(
      new RegExp(`^Error: aicore is already running on 127.0.0.1:${port}\\.\\n.*another AICORE_CLI_HOME`),
    );
    expect(code).toBe(6);
  },
);

test("F54 an aicore that lets streams finish is still ours", async () => {
  const world = await loggedInWorld();
  world.sandbox.faults.add({ silence: true });
  const proxy = await serve(world, "--port 0 --drain 3600");
  proxy.post("/v1/messages", ask("Hello")).catch(() => {});
  await world.sandbox.waitFor(({ kind, body }) => kind === "inference" && body !== "");
  proxy.child.kill("SIGTERM");
  await expect.poll(async () => (await proxy.get("/ready")).status).toBe(503);
  const { code, stderr } = await world.run(`serve --port ${proxy.port}`);
  expect(stderr).toContain(`already running on 127.0.0.1:${proxy.port} (pid ${proxy.child.pid}).`);
  expect(code).toBe(6);
});

const STRANGERS: [what: string, server: () => Server][] = [
  ["never answers", () => createServer()],
  ["speaks no HTTP", () => createServer((socket) => socket.end("220 mail.example ESMTP\r\n"))],
  [
    "answers with a status of its own",
    () =>
      createServer((socket) => {
        socket.on("error", () => {});
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"status":"ok"}');
      }),
  ],
];

test.each(STRANGERS)("F55 a program that %s has the port", async (_what, create) => {
  const world = await loggedInWorld();
  const stranger = create().listen(0, LOOPBACK);
  onTestFinished(() => void stranger.close());
  await once(stranger, "listening");
  const { port } = stranger.address() as AddressInfo;
  for (const host of [LOOPBACK, EVERYWHERE]) {
    world.env.AICORE_API_KEYS = "a-key-for-beyond-loopback";
    const { code, stderr } = await world.run(`serve --port ${port} --host ${host}`);
    expect(stderr).toMatch(new RegExp(`^Error: Port ${port} is used by another program\\.\\nUse --port `));
    expect(code).toBe(6);
  }
});
