import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { firstLine } from "../cli/run.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

interface Started {
  url: string;
  port: number;
  pid: number;
  started: boolean;
  models?: number;
}

const pids = new Set<number>();

/** `aicore start`; the process it leaves is ended with the test, whatever happens. */
async function start(world: World, args = "--port 0", command = "start"): Promise<Started> {
  const { stdout, stderr, code } = await world.run(`${command} --json ${args}`.trim());
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const started = JSON.parse(stdout) as Started;
  pids.add(started.pid);
  return started;
}

afterEach(() => {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
  }
  pids.clear();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const stateOf = (world: World, name: string) => join(world.home, "state", name);

describe("start and stop", () => {
  test("leave a proxy behind that answers, and take it away again", async () => {
    const world = await loggedInWorld();
    const { url, pid, port, models } = await start(world);
    expect(models).toBeGreaterThan(5);
    const key = readFileSync(stateOf(world, "local-key"), "utf8").trim();
    expect((await fetch(`${url}/v1/models`, { headers: { "x-api-key": key } })).status).toBe(200);
    expect((await world.run("env --shell json")).stdout).toContain(url);
    expect((await world.run("status --json")).stdout).toContain(`"pid": ${pid}`);
    expect(statSync(stateOf(world, "serve.log")).mode & 0o777).toBe(0o600);
    const { code, stdout } = await world.run("stop --json");
    expect(JSON.parse(stdout)).toEqual({ stopped: [{ url, port, pid }] });
    expect({ code, alive: isAlive(pid) }).toEqual({ code: 0, alive: false });
    expect(existsSync(stateOf(world, "background.json"))).toBe(false);
    expect(existsSync(stateOf(world, `serve-${port}.json`))).toBe(false);
  });

  test("a proxy that runs already is told kindly, and left alone", async () => {
    const world = await loggedInWorld();
    const { url, pid } = await start(world);
    const { code, stdout, stderr } = await world.run("start");
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `aicore is already running on ${url} (pid ${pid}).\n`,
      stderr: "",
    });
    expect(JSON.parse((await world.run("start --json")).stdout)).toMatchObject({ pid, started: false });
  });

  test("nothing to stop is no error", async () => {
    const world = await newWorld();
    expect(await world.run("stop")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "No aicore proxy is running.\n",
    });
    expect(JSON.parse((await world.run("stop --json")).stdout)).toEqual({ stopped: [] });
  });

  test("stop waits for open streams, and --now does not", async () => {
    const world = await loggedInWorld({ pace: 60 });
    for (const [args, whole] of [
      ["stop", true],
      ["stop --now", false],
    ] as const) {
      const { url } = await start(world);
      const key = readFileSync(stateOf(world, "local-key"), "utf8").trim();
      const response = await fetch(`${url}/v1/messages`, {
        method: "POST",
        headers: { "x-api-key": key, "content-type": "application/json" },
        body: JSON.stringify({
          model: "haiku",
          max_tokens: 100,
          stream: true,
          messages: [
            { role: "user", content: "say exactly one two three four five six seven eight nine ten" },
          ],
        }),
      });
      const [text, ran] = await Promise.all([response.text().catch(() => "cut off"), world.run(args)]);
      expect(ran.code).toBe(0);
      expect(text.includes("message_stop")).toBe(whole);
    }
  });

  test("of several the one in the background is meant; --port and --all take others", async () => {
    const world = await loggedInWorld();
    const foreground = JSON.parse(await firstLine(world.start("serve --port 0 --json"))) as Started;
    const other = JSON.parse(await firstLine(world.start("serve --port 0 --json"))) as Started;
    const { code, stderr } = await world.run("stop");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^Error: Several proxies.*\n.*--port/),
    });
    const background = await start(world);
    expect(JSON.parse((await world.run("stop --json")).stdout).stopped).toMatchObject([
      { pid: background.pid },
    ]);
    const byPort = await world.run(`stop --json --port ${other.port}`);
    expect(JSON.parse(byPort.stdout).stopped).toMatchObject([{ pid: other.pid }]);
    expect(JSON.parse((await world.run("stop --json --all")).stdout).stopped).toMatchObject([
      { pid: foreground.pid },
    ]);
  });

  test("a note that a crash left behind never ends a stranger", async () => {
    const world = await loggedInWorld();
    const { port, pid } = await start(world);
    process.kill(pid, "SIGKILL");
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    const note = JSON.parse(readFileSync(stateOf(world, `serve-${port}.json`), "utf8"));
    writeFileSync(stateOf(world, `serve-${port}.json`), JSON.stringify({ ...note, pid: process.pid }), {
      mode: 0o600,
    });
    const { code, stderr } = await world.run("stop");
    expect(stderr).toMatch(new RegExp(`^Error: Process ${process.pid} is no aicore proxy`));
    expect(code).toBe(1);
  });
});

describe("a start that fails", () => {
  test.each<[name: string, args: string, code: number, says: RegExp]>([
    [
      "nobody logged in",
      "--port 0",
      4,
      /^Error: The proxy ended before it was ready\. Its last words:\n.*No SAP AI Core/,
    ],
    ["a door open to the network", "--host 0.0.0.0", 2, /^Error: Refusing to listen on 0\.0\.0\.0/],
    ["a port that is none", "--port 70000", 2, /^Error: --port: expected a whole number/],
  ])("%s is told with its own exit code", async (_name, args, code, says) => {
    const world = await newWorld();
    const ran = await world.run(`start ${args}`);
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(existsSync(stateOf(world, "background.json"))).toBe(false);
  });

  test("tells what this start said, not what an earlier one did", async () => {
    const world = await loggedInWorld();
    await start(world);
    await world.run("stop");
    delete world.env.AICORE_SERVICE_KEY;
    expect((await world.run("start --port 0")).stderr).not.toContain("aicore listens on");
  });
});

describe("restart", () => {
  test("starts it again as it was, or as it is asked for now", async () => {
    const world = await loggedInWorld();
    const first = await start(world, "--port 0 --drain 1");
    const second = await start(world, "", "restart");
    expect(isAlive(first.pid)).toBe(false);
    expect(JSON.parse(readFileSync(stateOf(world, "background.json"), "utf8"))).toEqual({
      pid: second.pid,
      args: ["serve", "--port", "0", "--drain", "1"],
    });
    const third = await start(world, "--port 0", "-v restart");
    expect(isAlive(second.pid)).toBe(false);
    expect(JSON.parse(readFileSync(stateOf(world, "background.json"), "utf8"))).toEqual({
      pid: third.pid,
      args: ["-v", "serve", "--port", "0"],
    });
  });

  test("starts one where none runs", async () => {
    const world = await loggedInWorld();
    expect((await start(world, "--port 0", "restart")).started).toBe(true);
  });
});

describe("logs", () => {
  test("shows the last lines, and says when there are none", async () => {
    const world = await loggedInWorld();
    expect(await world.run("logs")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("no log yet"),
    });
    const { url } = await start(world);
    expect((await world.run("logs")).stdout).toContain(`aicore listens on ${url}`);
    expect((await world.run("logs -n 1")).stdout.split("\n")).toHaveLength(2);
    expect(JSON.parse((await world.run("logs --json")).stdout)).toMatchObject({
      path: stateOf(world, "serve.log"),
    });
    expect(await world.run("logs -n many")).toMatchObject({ code: 2 });
  });

  test("-f goes on with what comes, until a signal", async () => {
    const world = await loggedInWorld();
    const { url } = await start(world, "--port 0", "-v -v start");
    const follower = world.start("logs -f -n 1");
    onTestFinished(() => void follower.kill("SIGKILL"));
    await firstLine(follower);
    const grown = new Promise<string>((resolve) => {
      follower.stdout?.on("data", (text: string) => {
        if (text.includes('"completed"')) resolve(text);
      });
    });
    const key = readFileSync(stateOf(world, "local-key"), "utf8").trim();
    const asked = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: JSON.stringify({ model: "haiku", max_tokens: 9, messages: [{ role: "user", content: "hi" }] }),
    });
    expect(asked.status).toBe(200);
    expect(await grown).toMatch(/"level":"info","message":"completed","model":"anthropic--.*"request":"req_/);
    follower.kill("SIGINT");
    expect(await follower.result).toMatchObject({ code: 0, stderr: "" });
  });
});
