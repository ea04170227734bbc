import { describe, expect, test } from "vitest";
import { firstLine } from "../cli/run.ts";
import { loggedInWorld, newWorld } from "./world.ts";

describe("models list --catalog", () => {
  test("prints what could be deployed, with prices and the end of each version", async () => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run("models list --catalog");
    expect(stdout).toMatch(
      /^MODEL +VERSION +PROVIDER +EXECUTABLE +CONTEXT +STREAMS +IN +OUT +UNTIL +DEPLOYED\n/,
    );
    expect(stdout).toMatch(/^gpt-4o +2024-11-20\* +OpenAI +azure-openai +128k +yes +5\.94 +17\.52 +- +-$/m);
    expect(stdout).toMatch(
      /^gpt-4o +2024-08-06 +OpenAI +azure-openai +128k +yes +5\.94 +17\.52 +2027-01-31 +-$/m,
    );
    expect(stdout).toMatch(/^gpt-5\.5 +1\* .* +yes +- +- +- +d31c5f8e0a7b4d92$/m);
    expect(stdout).toMatch(/^cohere-reranker +1\* +Cohere +aicore-cohere +4k +no /m);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("capacity units for a million"),
    });
  });

  test("prints the document with --json", async () => {
    const world = await loggedInWorld();
    const { models } = JSON.parse((await world.run("models list --catalog --json")).stdout);
    const byId = (id: string) => models.find((model: { id: string }) => model.id === id);
    expect(byId("anthropic--claude-3.7-sonnet")).toEqual({
      id: "anthropic--claude-3.7-sonnet",
      sap_model: "anthropic--claude-3.7-sonnet",
      display_name: "Claude 3.7 Sonnet",
      provider: "Anthropic",
      executable: "aws-bedrock",
      scenarios: ["foundation-models", "orchestration"],
      deployments: [],
      versions: [
        {
          name: "1",
          latest: true,
          deprecated: true,
          retirement_date: "2027-02-28T00:00:00Z",
          replacements: ["anthropic--claude-4.6-sonnet"],
          context_window: 200_000,
          input_types: ["text", "image"],
          capabilities: ["text-generation", "image-recognition"],
          streaming: true,
          capacity_units_per_million: { input: 4.2456, output: 20.6948 },
        },
      ],
    });
    expect(byId("gpt-5.5").versions[0].capacity_units_per_million).toEqual({ input: null, output: null });
  });

  test("an empty catalogue is told kindly", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({ path: "/models", status: 200, body: { count: 0, resources: [] } });
    const { code, stdout, stderr } = await world.run("models list --catalog");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/The catalogue of resource group default is empty\. .*"extended"/);
  });
});

describe("models map", () => {
  test("names are listed with what they lead to, the most specific first", async () => {
    const world = await loggedInWorld();
    const mapped = await world.run("models map gpt-4* gpt-4.1");
    expect(mapped).toMatchObject({ code: 0, stdout: "gpt-4* now means gpt-4.1.\n", stderr: "" });
    const { stdout: second } = await world.run("models map gpt-4-tools sonnet --json");
    expect(JSON.parse(second)).toEqual({
      alias: "gpt-4-tools",
      model: "sonnet",
      resolves_to: "anthropic--claude-4.6-sonnet",
      replaced: null,
    });
    await world.run("models map nowhere gpt-9");
    const { stdout } = await world.run("models list");
    expect(stdout).toMatch(
      /\n\nALIAS +MAPPED TO +ANSWERS\ngpt-4-tools +sonnet +anthropic--claude-4\.6-sonnet\nnowhere +gpt-9 +nothing that runs\ngpt-4\* +gpt-4\.1 +gpt-4\.1\n$/,
    );
    const { models, mappings } = JSON.parse((await world.run("models list --json")).stdout);
    expect(models.find(({ id }: { id: string }) => id === "gpt-4.1").aliases).toEqual(["gpt-4*"]);
    expect(mappings).toEqual([
      { alias: "gpt-4-tools", model: "sonnet", resolves_to: "anthropic--claude-4.6-sonnet" },
      { alias: "nowhere", model: "gpt-9", resolves_to: null },
      { alias: "gpt-4*", model: "gpt-4.1", resolves_to: "gpt-4.1" },
    ]);
  });

  test("the proxy answers to them", async () => {
    const world = await loggedInWorld();
    await world.run("models map my-own* gpt-4.1");
    const { stdout } = await world.run("models test my-own-name --json");
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, model: "my-own-name", sap_model: "gpt-4.1" });
  });

  test("a new meaning takes the place of the old one, whatever its case", async () => {
    const world = await loggedInWorld();
    await world.run("models map Fast haiku");
    const { stdout } = await world.run("models map fast gemini-2.5-flash --json");
    expect(JSON.parse(stdout)).toMatchObject({ replaced: "haiku" });
    const { mappings } = JSON.parse((await world.run("models list --json")).stdout);
    expect(mappings).toHaveLength(1);
  });

  test("a target that does not run is kept, with a warning", async () => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run("models map mine gpt4.1");
    expect(stderr).toMatch(
      /^Warning: Nothing that runs answers to gpt4\.1: .*mine will fail\. Did you mean gpt-4\.1\?/,
    );
    expect(code).toBe(0);
  });

  test("without a login it is kept unchecked", async () => {
    const world = await newWorld();
    const { code, stderr } = await world.run("models map mine gpt-4.1");
    expect(stderr).toMatch(
      /^Warning: Whether gpt-4\.1 is deployed could not be checked: No SAP AI Core credentials/,
    );
    expect(code).toBe(0);
  });

  test("a proxy that runs is said to learn of it later", async () => {
    const world = await loggedInWorld();
    const proxy = world.start("serve --port 0 --json");
    await firstLine(proxy);
    expect((await world.run("models map mine gpt-4.1")).stderr).toMatch(
      /The proxy that runs \(port \d+\) reads it/,
    );
  });

  test.each([
    ["map a,b gpt-4.1", /"a,b" cannot be the name of an alias/],
    ["map mine gpt-4*", /"gpt-4\*" cannot be the name of a model/],
    [`map ${"a".repeat(129)} gpt-4.1`, /cannot be the name of an alias/],
    ["map mine", /missing required argument 'model'/i],
    ["unmap nine", /There is no alias "nine"\. Did you mean mine\?\nThe aliases are: mine, other\*\./],
  ])("%s is exit 2", async (args, says) => {
    const world = await newWorld();
    for (const alias of ["mine", "other*"]) await world.run(`models map ${alias} gpt-4.1`);
    const { code, stdout, stderr } = await world.run(`models ${args}`);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(says) });
  });

  test("unmap takes a name back", async () => {
    const world = await newWorld();
    await world.run("models map gpt-4* gpt-4.1");
    expect(await world.run("models unmap gpt-4*")).toMatchObject({
      code: 0,
      stdout: "gpt-4* no longer means gpt-4.1.\n",
    });
    expect((await world.run("models unmap gpt-4*")).stderr).toContain("There are none.");
  });
});

describe("models test", () => {
  test("asks at once and streamed, and says who answered", async () => {
    const world = await loggedInWorld();
    const { code, stdout } = await world.run("models test sonnet");
    expect(stdout).toMatch(/^TEST +RESULT +MODEL +DEPLOYMENT +FIRST BYTE +TIME +TOKENS\n/);
    expect(stdout).toMatch(
      /^answer +ok +anthropic--claude-4\.6-sonnet +d1757cd71b0fca9e +\d+ ms +\d+ ms +\d+ \/ \d+$/m,
    );
    expect(stdout).toMatch(
      /^stream +ok +anthropic--claude-4\.6-sonnet +d1757cd71b0fca9e +\d+ ms +\d+ ms +\d+ \/ \d+$/m,
    );
    expect(code).toBe(0);
    expect(world.sandbox.refused).toEqual([]);
  });

  test.each(["gpt-5.5", "gemini-2.5-flash", "amazon--nova-lite", "sonar-pro", "mistralai--mistral-medium"])(
    "%s, through its own upstream",
    async (model) => {
      const world = await loggedInWorld();
      const { ok, checks } = JSON.parse((await world.run(`models test ${model} --json`)).stdout);
      expect(ok).toBe(true);
      expect(checks).toMatchObject([
        { kind: "answer", status: 200, output_tokens: expect.any(Number) },
        { kind: "stream", status: 200, output_tokens: expect.any(Number) },
      ]);
      expect(world.sandbox.refused).toEqual([]);
    },
  );

  test("a model that makes embeddings makes one", async () => {
    const world = await loggedInWorld();
    const { checks } = JSON.parse((await world.run("models test text-embedding-3-small --json")).stdout);
    expect(checks).toMatchObject([{ kind: "embedding", ok: true, input_tokens: expect.any(Number) }]);
  });

  test("a failure is exit 5, with the document on stdout and the error on stderr", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({ model: "gpt-4.1", times: 9, status: 403, body: { message: "not for you" } });
    const { code, stdout, stderr } = await world.run("models test gpt-4.1 --json");
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      checks: [{ ok: false, status: 403 }, { ok: false }],
    });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "model_test_failed", message: expect.stringContaining("not for you") },
    });
  });

  test("a stream that breaks is a failure, though the plain answer came", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({
      path: "invoke-with-response-stream",
      times: 9,
      afterEvents: 3,
      ending: "end",
    });
    const { code, stdout, stderr } = await world.run("models test haiku");
    expect(stdout).toMatch(/^answer +ok /m);
    expect(stdout).toMatch(/^stream +failed \(200\) /m);
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/^Error: A streamed request to haiku/),
    });
  });

  test("a name that leads nowhere is exit 5", async () => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run("models test gpt-9");
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/'gpt-9' is not deployed/) });
  });
});
