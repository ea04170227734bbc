import { describe, expect, test } from "vitest";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { loggedInWorld, type World } from "./world.ts";

const NOT_DEPLOYED = "anthropic--claude-4.7-opus";
const FOREVER = 3_600_000;

const calls = ({ sandbox }: World, method: string, path: RegExp) =>
  sandbox.requests.filter((request) => request.method === method && path.test(request.path));
const parsed = ({ body }: { body: string }) => JSON.parse(body) as unknown;

describe("deployments create", () => {
  test("makes configuration and deployment, and prints the id", async () => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const { code, stdout, stderr } = await world.run(`deployments create ${NOT_DEPLOYED} --ttl 1d`);
    expect(stdout).toMatch(/^d[0-9a-f]{15}\n$/);
    expect(stderr).toMatch(
      /^Created d\w+: anthropic--claude-4\.7-opus \(latest\) .* new configuration .*\n.*get d/,
    );
    expect(code).toBe(0);
    expect(calls(world, "POST", /\/lm\/configurations$/).map(parsed)).toEqual([
      {
        name: NOT_DEPLOYED,
        scenarioId: "foundation-models",
        executableId: "aws-bedrock",
        versionId: "0.0.1",
        parameterBindings: [
          { key: "modelName", value: NOT_DEPLOYED },
          { key: "modelVersion", value: "latest" },
        ],
        inputArtifactBindings: [],
      },
    ]);
    expect(calls(world, "POST", /\/lm\/deployments$/).map(parsed)).toEqual([
      { configurationId: expect.any(String), ttl: "1d" },
    ]);
    expect(world.sandbox.refused).toEqual([]);
  });

  test("--wait follows it until a tiny request is answered", async () => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run(`deployments create ${NOT_DEPLOYED} --wait --json`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      model: NOT_DEPLOYED,
      version: "latest",
      status: "RUNNING",
      resource_group: "default",
      url: `${world.sandbox.url}/v2/inference/deployments/${document.id}`,
      created: true,
      ready: true,
    });
    const asked = world.sandbox.requests.filter(({ kind }) => kind === "inference");
    expect(asked.map(({ deployment, status }) => [deployment, status])).toEqual([[document.id, 200]]);
    expect(JSON.parse(asked[0]?.body ?? "")).toMatchObject({ max_tokens: 16 });
    expect(world.sandbox.refused).toEqual([]);
  });

  test("says each state once on a pipe", async () => {
    const world = await loggedInWorld();
    const { stdout, stderr } = await world.run(`deployments create ${NOT_DEPLOYED} --wait`);
    const id = stdout.trim();
    const said = stderr.split("\n").filter((line) => line.startsWith(id));
    expect(new Set(said.map((line) => line.replace(/ \(\d+s\)$/, ""))).size).toBe(said.length);
    expect(said[0]).toMatch(/ UNKNOWN \(\d+s\)$/);
    expect(said.at(-1)).toMatch(/ RUNNING, waiting for its first answer \(\d+s\)$/);
    expect(stderr).toMatch(
      /\nReady after \d+s: it answered a tiny request\.\nNext: aicore chat -m anthropic--claude-4\.7-opus\n$/,
    );
  });

  test("is not ready before inference finds it, which SAP says takes a while", async () => {
    const world = await loggedInWorld();
    const path = "/v2/inference/deployments/";
    world.sandbox.faults.add({ path, times: 3, status: 404, body: "Deployment ID not found" });
    world.sandbox.faults.add({ path, times: 1, status: 503, body: "no healthy upstream" });
    const { code, stderr } = await world.run(`deployments create ${NOT_DEPLOYED} --wait`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("Ready after") });
    expect(world.sandbox.requests.filter(({ kind }) => kind === "inference").length).toBeGreaterThanOrEqual(
      5,
    );
  });

  test("a gateway that fails now and then does not end the wait", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({
      path: "/lm/deployments/d",
      times: 3,
      status: 503,
      body: "upstream connect error",
    });
    expect(await world.run(`deployments create ${NOT_DEPLOYED} --wait`)).toMatchObject({ code: 0 });
  });

  test.each([
    ["orchestration --resource-group team-blue", 1],
    ["cohere-reranker", 0],
    ["text-embedding-3-small --force", 1],
  ])("%s: %i requests prove it", async (args, requests) => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run(`deployments create ${args} --wait`);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/Ready after|no request was tried/),
    });
    expect(world.sandbox.requests.filter(({ kind }) => kind === "inference")).toHaveLength(requests);
    expect(world.sandbox.refused).toEqual([]);
  });

  test("a configuration that says the same is used again, one of another version is not", async () => {
    const world = await loggedInWorld();
    const { configuration: first } = JSON.parse(
      (await world.run("deployments create gpt-5.5 --force --json")).stdout,
    );
    const { configuration: second } = JSON.parse(
      (await world.run("deployments create gpt-5.5 --version 1 --force --json")).stdout,
    );
    expect(calls(world, "POST", /\/lm\/configurations$/)).toHaveLength(1);
    expect(first.id).not.toBe(second.id);
  });

  test.each([
    ["gpt-5.5", "d31c5f8e0a7b4d92"],
    ["claude-opus-4-8", "df1de8f5611ecd76"],
    ["anthropic--claude-4.6-sonnet --version 1", "d452809d631de61f"],
  ])("%s is deployed already: that one is shown and nothing made", async (args, id) => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run(`deployments create ${args}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${id}\n` });
    expect(stderr).toMatch(/is deployed already: .* RUNNING. Another one: --force/);
    expect(calls(world, "POST", /\/lm\//)).toEqual([]);
  });

  test.each([
    ["gpt4o", 2, /^Error: SAP AI Core offers no model "gpt4o" here\. Did you mean gpt-4o\?\n.*--catalog/],
    ["sonnet", 2, /Did you mean anthropic--claude-[\d.]+-sonnet.* or /],
    ["zzzzzz", 2, /offers no model "zzzzzz" here\.\n/],
    [
      "gpt-4o --version 1999",
      2,
      /gpt-4o has no version "1999"\.\nVersions are: latest, 2024-11-20, 2024-08-06\./,
    ],
    ["gpt-4o --ttl 1w", 2, /--ttl: expected minutes, hours or days, got "1w"/],
    ["gpt-4o --wait --timeout soon", 2, /--timeout: expected a duration such as 90s/],
    ["gpt-4o --wait --timeout 99d", 2, /--timeout: expected a duration such as 90s/],
    ["gpt-4o --resource-group nope", 5, /RBAC: access denied/],
    ["", 2, /missing required argument 'model'/i],
  ])("%j is exit %i", async (args, code, says) => {
    const world = await loggedInWorld();
    const ran = await world.run(`deployments create ${args}`.trim());
    expect(ran).toEqual({ code, signal: null, stdout: "", stderr: expect.stringMatching(says) });
    expect(calls(world, "POST", /\/lm\//)).toEqual([]);
  });

  test("one that dies is told with SAP's reason", async () => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run(
      "deployments create mistralai--mistral-medium-instruct --wait",
    );
    expect(stderr).toMatch(
      /^Warning: mistralai--mistral-medium-instruct, version 2312, was retired on 2026-03-31\./,
    );
    expect(stderr).toMatch(
      /\nError: Deployment d\w+ is DEAD: Model version is retired\.\n.*deployments delete d\w+\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
  });

  test("one that refuses the request for good is told with the refusal", async () => {
    const world = await loggedInWorld();
    const body = { message: "This account may not use the model." };
    world.sandbox.faults.add({ path: "/v2/inference/", times: 9, status: 403, body });
    const { code, stderr } = await world.run(`deployments create ${NOT_DEPLOYED} --wait`);
    expect(stderr).toMatch(
      /\nError: Deployment d\w+ is RUNNING but refused a tiny request: This account may not/,
    );
    expect(code).toBe(5);
  });

  test("a wait that takes too long says so; the deployment goes on", async () => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const { code, stderr } = await world.run(`deployments create ${NOT_DEPLOYED} --wait --timeout 1s`);
    expect(stderr).toMatch(
      /\nError: Deployment d\w+ is not ready after 1s\. .*\nLook at it: aicore deployments get d/,
    );
    expect(code).toBe(5);
    expect(calls(world, "DELETE", /./)).toEqual([]);
  });

  test.each(["", " --json"])("Ctrl-C leaves it being created and says how to look at it%s", async (json) => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const child = world.start(`deployments create ${NOT_DEPLOYED} --wait${json}`);
    await world.sandbox.waitFor(
      ({ method, path, done }) => done && method === "GET" && /\/deployments\/d/.test(path),
    );
    child.kill("SIGINT");
    const { code, stdout, stderr } = await child.result;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/goes on being created\. Look at it: aicore deployments get d/);
    if (json) expect(JSON.parse(stderr)).toMatchObject({ error: { code: "interrupted" } });
    expect(calls(world, "DELETE", /./)).toEqual([]);
  });
});

describe("deployments get", () => {
  test("shows one by the beginning of its id", async () => {
    const world = await loggedInWorld();
    const { code, stdout } = await world.run("deployments get d2ca");
    expect(stdout).toMatch(/^Id +d2ca531ea1d6cae2\nModel +mistralai--.*\nVersion +latest\nStatus +DEAD\n/);
    expect(stdout).toMatch(/\nMessage +Model version is retired\n/);
    expect(code).toBe(0);
  });

  test("one whose model only its configuration tells", async () => {
    const world = await loggedInWorld();
    const { stdout } = await world.run("deployments get dbd5aa74c06c576d --json");
    expect(JSON.parse(stdout)).toMatchObject({
      id: "dbd5aa74c06c576d",
      model: "anthropic--claude-4.5-haiku",
      configuration: { name: "small-and-fast" },
      target_status: "RUNNING",
      ttl: null,
    });
  });

  test.each([
    ["d31c -o yaml", 0, /^id: "d31c5f8e0a7b4d92"\nmodel: "gpt-5\.5"\n/, /^$/],
    ["d45 -o json", 0, /"model": "anthropic--claude-4\.6-sonnet"/, /^$/],
    ["d6 --resource-group team-blue", 0, /claude-3\.7-sonnet/, /^$/],
    ["d4", 2, /^$/, /"d4" begins the ids of 2 deployments\.\nSay more of it: d452\w+ \(anthropic.*, d47e/],
    ["d", 2, /^$/, /begins the ids of \d+ deployments\.\nSay more of it: (d\w+ \([\w.-]+\), ){5}…\n$/],
    ["d31c5f8e0a7b4d93", 5, /^$/, /no deployment "d31c.*Did you mean d31c5f8e0a7b4d92\?/],
    ["gpt-5.5", 5, /^$/, /That is a model; its deployments are: d31c5f8e0a7b4d92/],
  ])("%s is exit %i", async (args, code, prints, says) => {
    const world = await loggedInWorld();
    const ran = await world.run(`deployments get ${args}`);
    expect(ran).toMatchObject({
      code,
      stdout: expect.stringMatching(prints),
      stderr: expect.stringMatching(says),
    });
  });
});

describe("deployments stop", () => {
  test("stops what runs and leaves the rest", async () => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const { code, stdout } = await world.run("deployments stop d1757cd71b0fca9e d07a");
    expect(stdout).toBe(
      "Stopping: d1757cd71b0fca9e (anthropic--claude-4.6-sonnet)\nNothing to do: d07a10fca201a746 (gpt-4o) is STOPPED\n",
    );
    expect(code).toBe(0);
    expect(calls(world, "PATCH", /./).map(parsed)).toEqual([{ targetStatus: "STOPPED" }]);
  });

  test("--wait waits for it", async () => {
    const world = await loggedInWorld();
    const { stdout } = await world.run("deployments stop d1757cd71b0fca9e --wait --json");
    expect(JSON.parse(stdout)).toMatchObject({
      deployments: [{ id: "d1757cd71b0fca9e", status: "STOPPED" }],
    });
  });

  test("one that SAP will not stop yet is told with what to do", async () => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const id = (await world.run(`deployments create ${NOT_DEPLOYED}`)).stdout.trim();
    const { code, stderr } = await world.run(`deployments stop ${id}`);
    expect(stderr).toMatch(
      /^Error: Invalid Request, Current status UNKNOWN cannot be changed\.\.\nIt has only just/,
    );
    expect(code).toBe(5);
  });
});

describe("deployments delete", () => {
  test("stops what runs, waits, and deletes", async () => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run("deployments delete d175 d07a --yes");
    expect(stdout).toBe(
      "Deleted: d1757cd71b0fca9e (anthropic--claude-4.6-sonnet)\nDeleted: d07a10fca201a746 (gpt-4o)\n",
    );
    expect(stderr).toMatch(/d1757cd71b0fca9e STOPPING/);
    expect(code).toBe(0);
    const ids = (await world.run("deployments list -o name")).stdout.split("\n");
    expect(ids).not.toContain("d1757cd71b0fca9e");
    expect(ids).not.toContain("d07a10fca201a746");
  });

  test("prints the document with --json", async () => {
    const world = await loggedInWorld();
    const { stdout, stderr } = await world.run("deployments delete d2ca --yes --json");
    expect(JSON.parse(stdout)).toMatchObject({
      deployments: [{ id: "d2ca531ea1d6cae2", status: "DELETED" }],
    });
    expect(stderr).toBe("");
  });

  test("one that is only being created is deleted at once", async () => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const id = (await world.run(`deployments create ${NOT_DEPLOYED}`)).stdout.trim();
    expect(await world.run(`deployments delete ${id} --yes`)).toMatchObject({ code: 0 });
    expect(calls(world, "PATCH", /./)).toEqual([]);
  });

  test("nobody to ask is exit 2, before anything is looked at", async () => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run("deployments delete d175");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/delete <id> --yes\n$/) });
    expect(world.sandbox.requests).toEqual([]);
  });

  test("one unknown id, and nothing is deleted", async () => {
    const world = await loggedInWorld();
    expect(await world.run("deployments delete d175 nope --yes")).toMatchObject({ code: 5 });
    expect(calls(world, "PATCH", /./).concat(calls(world, "DELETE", /./))).toEqual([]);
  });

  test("one that fails does not keep the others", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({
      path: "/lm/deployments/d07a10fca201a746$",
      times: 2,
      status: 500,
      body: "oops",
    });
    const { code, stdout, stderr } = await world.run("deployments delete d2ca d07a --yes");
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toMatch(/Done all the same: d2ca531ea1d6cae2\nError: .*oops/);
  });
});

describe.skipIf(!HAS_TERMINAL)("on a terminal", () => {
  test.each([
    ["y", 0, "Deleted: d07a10fca201a746 (gpt-4o)"],
    ["n", 2, "Nothing was deleted."],
    ["\u0003", 130, "Interrupted."],
  ])("delete asks: %j is exit %i", async (answer, code, says) => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "deployments delete d07a");
    await terminal.type("Delete this deployment? [y/N]", `${answer}\r`);
    expect(await terminal.code).toBe(code);
    expect(terminal.shown).toContain("d07a10fca201a746  gpt-4o  STOPPED");
    expect(terminal.shown).toContain(says);
    expect(calls(world, "DELETE", /./)).toHaveLength(code === 0 ? 1 : 0);
  });

  test("create --wait shows state and time, and Ctrl-C leaves the terminal as it was", async () => {
    const world = await loggedInWorld({ provisioning: FOREVER });
    const terminal = new Terminal(world, `deployments create ${NOT_DEPLOYED} --wait`);
    await terminal.type(" UNKNOWN (", "\u0003");
    expect(await terminal.code).toBe(130);
    expect(terminal.shown).toMatch(/goes on being created\. Look at it:\s+aicore deployments get d/);
  });
});
