import { describe, expect, test } from "vitest";
import { MODELS, ROWS } from "../support/default-tenant.ts";
import { loggedInWorld } from "./world.ts";

describe("deployments list", () => {
  test("prints every deployment with its whole id and status", async () => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run("deployments list");
    expect(stdout.split("\n")[0]).toMatch(
      /^ID +MODEL +VERSION +STATUS +EXECUTABLE +RESOURCE GROUP +PROFILE +AGE$/,
    );
    expect(stdout).toMatch(/^d04d64b906e407d9 +- +- +STOPPED +orchestration +default +environment +\d+d$/m);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1 + ROWS.length);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test.each([
    "deployments list --json",
    "--json deployments list",
    "deployment list -o json",
    "deployments -o json",
  ])("aicore %s prints the document", async (args) => {
    const world = await loggedInWorld();
    const { deployments } = JSON.parse((await world.run(args)).stdout);
    expect(deployments).toHaveLength(ROWS.length);
    expect(deployments[0]).toEqual({
      id: "df1de8f5611ecd76",
      model: "anthropic--claude-4.8-opus",
      version: "latest",
      status: "RUNNING",
      executable: "aws-bedrock",
      scenario: "foundation-models",
      resource_group: "default",
      profile: "environment",
      url: `${world.sandbox.url}/v2/inference/deployments/df1de8f5611ecd76`,
      created_at: "2026-09-02T07:41:10Z",
    });
  });

  test.each([
    ["-o name --status stopped", /^d07a10fca201a746\nd04d64b906e407d9\n$/],
    ["-o name --status DEAD", /^d2ca531ea1d6cae2\n$/],
    ["-o yaml --status DEAD", /^deployments:\n {2}- id: "d2ca531ea1d6cae2"\n {4}model: "mistralai--/],
    ["-o name --resource-group team-blue", /^d618c7bc1515bec2\nd9899b899885ed3f\n$/],
    ["-o name --all-groups", /^df1de8f5611ecd76\n[\s\S]*d9899b899885ed3f\n$/],
    ["-o name --status COMPLETED", /^$/],
  ])("%s", async (options, prints) => {
    const world = await loggedInWorld();
    const { code, stdout } = await world.run(`deployments list ${options}`);
    expect(stdout).toMatch(prints);
    expect(code).toBe(0);
  });

  test("an unknown status is a usage error", async () => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run("deployments list --status sleeping");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("--status: expected one of RUNNING"),
    });
  });

  test("--all-profiles lists each profile, and warns of one that fails", async () => {
    const world = await loggedInWorld();
    delete world.env.AICORE_SERVICE_KEY;
    for (const name of ["one", "two"])
      await world.run(`--profile ${name} login ${world.keyFile} --insecure-storage`);
    await world.run(
      `--profile gone login ${world.keyFile} --insecure-storage --no-verify --resource-group nope`,
    );
    const { code, stdout, stderr } = await world.run("deployments list --all-profiles -o name");
    expect(stdout.trimEnd().split("\n")).toHaveLength(2 * ROWS.length);
    expect(stderr).toMatch(/Warning: gone is left out: .*RBAC/);
    expect(code).toBe(0);
  });

  test("a tenant that refuses is exit 5", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({ path: "/lm/deployments", times: 10, status: 500, body: "oops" });
    const { code, stderr } = await world.run("deployments list");
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/^Error: .*oops/) });
  });
});

describe("models list", () => {
  test("prints names, aliases, deployments, limits and abilities", async () => {
    const world = await loggedInWorld();
    const { code, stdout } = await world.run("models list");
    expect(stdout).toMatch(/^MODEL +ALIASES +DEPLOYMENTS +CONTEXT +OUTPUT +ABILITIES\n/);
    expect(stdout).toMatch(
      /^anthropic--claude-4\.6-sonnet +.*sonnet +d1757cd71b0fca9e, d452809d631de61f +1M +64k +tools, images, thinking$/m,
    );
    expect(code).toBe(0);
  });

  test("prints the document with --json", async () => {
    const world = await loggedInWorld();
    const { models } = JSON.parse((await world.run("models --json")).stdout);
    expect(models).toHaveLength(MODELS.length);
    expect(models.find((model: { id: string }) => model.id === "anthropic--claude-4.5-haiku")).toMatchObject({
      sap_model: "anthropic--claude-4.5-haiku",
      family: "claude",
      aliases: expect.arrayContaining(["claude-haiku-4-5", "haiku"]),
      deployments: ["dbd5aa74c06c576d"],
      context_window: 200_000,
      max_output_tokens: 64_000,
      via: "deployment",
    });
  });
});

describe("every list", () => {
  test.each([
    ["models list", /^amazon--nova-lite\namazon--nova-pro\n/, /^models:\n {2}- id: "amazon--nova-lite"\n/],
    ["models list --catalog", /^gpt-4o$/m, /^models:\n {2}- id: "/],
    ["resource-groups list", /^default\n/, /^resource_groups:\n {2}- id: "default"\n/],
    ["profiles list", /^$/, /^profiles: \[\]\n$/],
  ])("%s has the formats of deployments list", async (list, names, yaml) => {
    const world = await loggedInWorld();
    expect((await world.run(`${list} -o name`)).stdout).toMatch(names);
    const asYaml = await world.run(`${list} -o yaml`);
    expect({ code: asYaml.code, stdout: asYaml.stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(yaml),
    });
    const asJson = await world.run(`${list} -o json`);
    expect(JSON.parse(asJson.stdout)).toEqual(JSON.parse((await world.run(`${list} --json`)).stdout));
  });
});
