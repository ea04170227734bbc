/** What each tool is started with: its variables and arguments. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aider } from "../../src/agents/aider.ts";
import { codex } from "../../src/agents/codex.ts";
import { childEnvironment } from "../../src/agents/environment.ts";
import { gemini } from "../../src/agents/gemini.ts";
import { AGENTS } from "../../src/agents/index.ts";
import { opencode } from "../../src/agents/opencode.ts";
import { qwen } from "../../src/agents/qwen.ts";
import { runAgent } from "../../src/agents/run.ts";
import { optionsOf } from "./options.ts";

const TENANT = [
  "anthropic--claude-4.6-opus",
  "anthropic--claude-4.5-haiku",
  "gpt-5",
  "gpt-5-mini",
  "gemini-2.5-pro",
  "gemini-3.5-flash",
  "text-embedding-3-small",
];
const URL = "http://127.0.0.1:4711";

test.each(AGENTS)("$name without any model it can use is told what to do", async (agent) => {
  await expect(agent.launch(optionsOf(["text-embedding-3-small"]))).rejects.toMatchObject({
    code: "no_usable_model",
    message: `No model that ${agent.title} can work with is deployed in this resource group.`,
  });
});

test.each(AGENTS)("$name gets no secret in its arguments", async (agent) => {
  const { args, variables } = await agent.launch(optionsOf(TENANT));
  expect(args.join(" ")).not.toContain("aicl_test");
  expect(Object.values(variables)).toContain("aicl_test");
});

describe("Codex", () => {
  const PROVIDER = [
    'model_provider="aicore"',
    'model_providers.aicore.name="SAP AI Core"',
    `model_providers.aicore.base_url="${URL}/v1"`,
    'model_providers.aicore.env_key="AICORE_PROXY_KEY"',
    'model_providers.aicore.wire_api="responses"',
    "model_providers.aicore.stream_idle_timeout_ms=660000",
  ];

  test.each<[string, string[], string[], string[], string]>([
    ["the newest GPT", TENANT, [], ['model="gpt-5"'], "model = gpt-5"],
    [
      "the newest Claude, with its window, where there is no GPT",
      ["anthropic--claude-4.5-sonnet"],
      [],
      ['model="anthropic--claude-4.5-sonnet"', "model_context_window=200000"],
      "model = anthropic--claude-4.5-sonnet (no GPT is deployed)",
    ],
    [
      "the user's own, with its window",
      TENANT,
      ["exec", "-m", "haiku"],
      ["model_context_window=200000"],
      "model = haiku",
    ],
    ["the user's own, whatever it is", TENANT, ["--model=o99"], [], "model = o99"],
  ])("starts with %s", async (_name, deployed, args, settings, notice) => {
    const launch = await codex.launch(optionsOf(deployed, { args }));
    expect(launch.args).toEqual([...settings, ...PROVIDER].flatMap((setting) => ["-c", setting]));
    expect(launch).toMatchObject({ variables: { AICORE_PROXY_KEY: "aicl_test" }, notice });
  });
});

describe("opencode", () => {
  test("gets every model with the client of its dialect, and its key by name", async () => {
    const { variables, args, notice } = await opencode.launch(optionsOf(TENANT));
    const config = JSON.parse(variables.OPENCODE_CONFIG_CONTENT ?? "");
    expect(config).toMatchObject({
      model: "aicore/anthropic--claude-4.6-opus",
      small_model: "aicore/anthropic--claude-4.5-haiku",
      provider: { aicore: { options: { baseURL: `${URL}/v1`, apiKey: "{env:AICORE_PROXY_KEY}" } } },
    });
    const clients = Object.entries(config.provider.aicore.models).map(([id, model]) => [
      id,
      (model as { provider: { npm: string } }).provider.npm,
    ]);
    expect(Object.fromEntries(clients)).toEqual({
      "anthropic--claude-4.5-haiku": "@ai-sdk/anthropic",
      "anthropic--claude-4.6-opus": "@ai-sdk/anthropic",
      "gemini-2.5-pro": "@ai-sdk/openai-compatible",
      "gemini-3.5-flash": "@ai-sdk/openai-compatible",
      "gpt-5": "@ai-sdk/openai",
      "gpt-5-mini": "@ai-sdk/openai",
    });
    expect(config.provider.aicore.models["anthropic--claude-4.5-haiku"]).toMatchObject({
      name: "Claude Haiku 4.5",
      limit: { context: 200_000, output: 64_000 },
    });
    expect(variables.OPENCODE_CONFIG_CONTENT).not.toContain("aicl_test");
    expect({ args, notice }).toEqual({ args: [], notice: "model = anthropic--claude-4.6-opus" });
  });

  test("says that a configuration in the same variable is left out", async () => {
    const { warnings } = await opencode.launch(optionsOf(TENANT, { env: { OPENCODE_CONFIG_CONTENT: "{}" } }));
    expect(warnings).toEqual(["OPENCODE_CONFIG_CONTENT was set: what it held is left out."]);
  });
});

describe("Gemini CLI", () => {
  test("gets both of its doors, and names that it leaves alone", async () => {
    const { variables, standIns } = await gemini.launch(optionsOf(TENANT));
    expect(variables).toEqual({
      GOOGLE_GEMINI_BASE_URL: URL,
      GEMINI_API_KEY: "aicl_test",
      GOOGLE_GENAI_USE_VERTEXAI: "true",
      GOOGLE_VERTEX_BASE_URL: URL,
      GOOGLE_API_KEY: "aicl_test",
      GEMINI_DEFAULT_AUTH_TYPE: "vertex-ai",
      GEMINI_MODEL: "gemini-2.5-pro-latest",
    });
    expect(standIns).toEqual({ "gemini-*": "gemini-2.5-pro", "gemini-*-flash*": "gemini-3.5-flash" });
  });

  test("goes on with a Claude where there is no Gemini, and says so", async () => {
    const { variables, notice } = await gemini.launch(optionsOf(["anthropic--claude-4.6-opus", "gpt-5"]));
    expect(variables.GEMINI_MODEL).toBe("anthropic--claude-4.6-opus");
    expect(notice).toBe("model = anthropic--claude-4.6-opus (no Gemini is deployed)");
  });

  test("a model of the user's that nobody has is told", async () => {
    const { warnings } = await gemini.launch(optionsOf(TENANT, { args: ["-m", "gemini-9"] }));
    expect(warnings).toEqual([
      "gemini-9 is not deployed here. gemini-2.5-pro and gemini-3.5-flash stand in for Gemini models that are not.",
    ]);
  });

  test.each<[string, boolean]>([
    ['{"security":{"auth":{"selectedType":"oauth-personal"}}}', true],
    ['{"security":{"auth":{"selectedType":"gemini-api-key"}}}', false],
    ['{"security":{"auth":{}}}', false],
    ["[]", false],
    ["{ no json", false],
  ])("settings with %s lead elsewhere: %s", async (text, elsewhere) => {
    const home = mkdtempSync(join(tmpdir(), "aicore-gemini-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    mkdirSync(join(home, ".gemini"));
    writeFileSync(join(home, ".gemini", "settings.json"), text);
    const { warnings } = await gemini.launch(optionsOf(TENANT, { env: { HOME: home } }));
    expect(warnings).toEqual(
      elsewhere ? [expect.stringContaining(join(home, ".gemini", "settings.json"))] : [],
    );
  });
});

test.each<[string[], string[]]>([
  [[], ["--auth-type", "openai", "--model", "gpt-5"]],
  [
    ["-p", "hello"],
    ["--auth-type", "openai", "--model", "gpt-5"],
  ],
  [
    ["-m", "haiku"],
    ["--auth-type", "openai"],
  ],
  [
    ["--auth-type=anthropic", "why"],
    ["--model", "gpt-5"],
  ],
  [["mcp", "list"], []],
])("before the arguments %j Qwen Code gets %j", async (args, before) => {
  const launch = await qwen.launch(optionsOf(TENANT, { args }));
  expect(launch.args).toEqual(before);
  expect(launch.variables).toEqual({
    OPENAI_BASE_URL: `${URL}/v1`,
    OPENAI_API_KEY: "aicl_test",
    OPENAI_MODEL: "gpt-5",
  });
});

test.each<[string[], string, string]>([
  [TENANT, "anthropic/claude-opus-4-6", "anthropic/claude-haiku-4-5"],
  [["gpt-5", "gpt-5-mini"], "openai/gpt-5", "openai/gpt-5-mini"],
  [["gemini-2.5-pro"], "openai/gemini-2.5-pro", "openai/gemini-2.5-pro"],
])("of %j aider is told %s and %s", async (deployed, model, weak) => {
  expect((await aider.launch(optionsOf(deployed))).variables).toMatchObject({
    OPENAI_API_BASE: `${URL}/v1`,
    ANTHROPIC_API_BASE: URL,
    AIDER_MODEL: model,
    AIDER_WEAK_MODEL: weak,
    AIDER_SHOW_MODEL_WARNINGS: "false",
  });
});

describe("any program", () => {
  const env = {
    PATH: "/bin",
    AICORE_SERVICE_KEY: "{}",
    AICORE_CLIENT_ID: "id",
    VCAP_SERVICES: "{}",
    GOOGLE_API_KEY: "users-own",
    OPENAI_API_KEY: "users-own",
  };

  test("gets three dialects and keeps SAP's credentials", async () => {
    const launch = await runAgent("make").launch(optionsOf(TENANT, { env }));
    expect(childEnvironment(env, launch)).toEqual({
      PATH: "/bin",
      AICORE_SERVICE_KEY: "{}",
      AICORE_CLIENT_ID: "id",
      VCAP_SERVICES: "{}",
      ...launch.variables,
      NO_PROXY: "127.0.0.1,localhost,::1",
      no_proxy: "127.0.0.1,localhost,::1",
    });
    expect(launch.variables).toMatchObject({
      ANTHROPIC_BASE_URL: URL,
      ANTHROPIC_AUTH_TOKEN: "aicl_test",
      ANTHROPIC_API_KEY: "aicl_test",
      ANTHROPIC_DEFAULT_OPUS_MODEL: "anthropic--claude-4.6-opus",
      OPENAI_BASE_URL: `${URL}/v1`,
      OPENAI_API_KEY: "aicl_test",
      GOOGLE_GEMINI_BASE_URL: URL,
      GEMINI_API_KEY: "aicl_test",
    });
  });

  test("is started on a tenant without models too", async () => {
    const { variables } = await runAgent("make").launch(optionsOf([], { env }));
    expect(variables.OPENAI_BASE_URL).toBe(`${URL}/v1`);
  });
});
