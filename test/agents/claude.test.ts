import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { agentModel } from "../../src/agents/choice.ts";
import { claude } from "../../src/agents/claude.ts";
import { conflictSentence, settingsConflicts } from "../../src/agents/claude-settings.ts";
import { childEnvironment, variablesOf } from "../../src/agents/environment.ts";
import type { AgentModel } from "../../src/agents/types.ts";
import { optionsOf } from "./options.ts";

const HOME = mkdtempSync(join(tmpdir(), "aicore-claude-"));
afterAll(() => rmSync(HOME, { recursive: true, force: true }));

const OPUS = agentModel("anthropic--claude-4.6-opus");
const SONNET = agentModel("anthropic--claude-4.6-sonnet");
const OLD_SONNET = agentModel("anthropic--claude-4.5-sonnet");
const HAIKU = agentModel("anthropic--claude-4.5-haiku");

function launch(
  models: Record<string, AgentModel>,
  env: NodeJS.ProcessEnv = {},
  cwd = HOME,
  args: string[] = [],
) {
  const find = async (name: string) => models[name];
  return claude.launch({ ...optionsOf([]), find, env: { HOME, ...env }, cwd, args });
}

describe("the variables of Claude Code", () => {
  test("with all three families deployed", async () => {
    const { variables, notice, warnings } = await launch({ opus: OPUS, sonnet: SONNET, haiku: HAIKU });
    expect(variables).toEqual({
      ANTHROPIC_BASE_URL: "http://127.0.0.1:4711",
      ANTHROPIC_AUTH_TOKEN: "aicl_test",
      ANTHROPIC_DEFAULT_OPUS_MODEL: OPUS.id,
      ANTHROPIC_DEFAULT_SONNET_MODEL: SONNET.id,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: HAIKU.id,
      CLAUDE_CODE_AUTO_MODE_MODEL: SONNET.id,
      CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
      CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: "1",
      API_TIMEOUT_MS: "660000",
    });
    expect(notice).toBe(`opus = ${OPUS.id}, sonnet = ${SONNET.id}, haiku = ${HAIKU.id}`);
    expect(warnings).toEqual([]);
  });

  interface Case {
    deployed: Record<string, AgentModel>;
    opus: AgentModel;
    sonnet: AgentModel;
    haiku: AgentModel;
    says: string;
  }
  test.each<Case>([
    {
      deployed: { opus: OPUS, sonnet: SONNET },
      opus: OPUS,
      sonnet: SONNET,
      haiku: SONNET,
      says: "(no haiku is deployed)",
    },
    { deployed: { opus: OPUS }, opus: OPUS, sonnet: OPUS, haiku: OPUS, says: "(no sonnet is deployed)" },
    {
      deployed: { sonnet: SONNET, haiku: HAIKU },
      opus: SONNET,
      sonnet: SONNET,
      haiku: HAIKU,
      says: "(no opus is deployed)",
    },
    { deployed: { haiku: HAIKU }, opus: HAIKU, sonnet: HAIKU, haiku: HAIKU, says: "(no opus is deployed)" },
  ])(
    "a missing family falls to the next one, and it is said: $says",
    async ({ deployed, says, ...expected }) => {
      const { variables, notice } = await launch(deployed);
      expect(variables).toMatchObject({
        ANTHROPIC_DEFAULT_OPUS_MODEL: expected.opus.id,
        ANTHROPIC_DEFAULT_SONNET_MODEL: expected.sonnet.id,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: expected.haiku.id,
      });
      expect(notice).toContain(says);
    },
  );

  test("without any Claude the newest of what there is takes all places", async () => {
    const { variables, notice } = await claude.launch(optionsOf(["gpt-4.1", "gpt-5", "gpt-5-mini"]));
    expect(variables).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: "gpt-5",
      ANTHROPIC_DEFAULT_SONNET_MODEL: "gpt-5",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "gpt-5-mini",
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: "400000",
    });
    expect(notice).toContain("opus = gpt-5 (no opus is deployed)");
  });

  interface Windows {
    name: string;
    opus: AgentModel;
    sonnet: AgentModel;
    cap?: string;
    no1m?: string;
  }
  test.each<Windows>([
    { name: "a million everywhere", opus: OPUS, sonnet: SONNET },
    { name: "a smaller sonnet", opus: OPUS, sonnet: OLD_SONNET, cap: "200000" },
    { name: "a smaller opus", opus: OLD_SONNET, sonnet: SONNET, cap: "200000", no1m: "1" },
    { name: "200,000 everywhere", opus: OLD_SONNET, sonnet: OLD_SONNET, cap: "200000", no1m: "1" },
  ])("the real windows are told: $name", async ({ opus, sonnet, cap, no1m }) => {
    const { variables } = await launch({ opus, sonnet, haiku: HAIKU });
    expect(variables.CLAUDE_CODE_MAX_CONTEXT_TOKENS).toBe(cap);
    expect(variables.CLAUDE_CODE_DISABLE_1M_CONTEXT).toBe(no1m);
  });

  test("a window that the user has set stays", async () => {
    const { variables } = await launch({ sonnet: OLD_SONNET }, { CLAUDE_CODE_MAX_CONTEXT_TOKENS: "150000" });
    expect(variables).not.toHaveProperty("CLAUDE_CODE_MAX_CONTEXT_TOKENS");
  });

  test("ANTHROPIC_MODEL stays when the tenant has it, and goes with a warning when not", async () => {
    const models = { opus: OPUS, [OPUS.id]: OPUS };
    const kept = await launch(models, { ANTHROPIC_MODEL: `${OPUS.id}[1m]` });
    expect(kept.removed).not.toContain("ANTHROPIC_MODEL");
    const dropped = await launch(models, { ANTHROPIC_MODEL: "us.anthropic.claude-x" });
    expect(dropped.removed).toContain("ANTHROPIC_MODEL");
    expect(dropped.warnings).toEqual([
      "ANTHROPIC_MODEL is us.anthropic.claude-x, which is not deployed here: left out.",
    ]);
  });
});

describe("the environment of a child", () => {
  test("has no secret of ours, nothing that leads elsewhere, and no proxy for loopback", async () => {
    const env = {
      PATH: "/bin",
      AICORE_SERVICE_KEY: "{}",
      AICORE_CLIENT_ID: "id",
      AICORE_CLIENT_SECRET: "secret",
      AICORE_API_KEYS: "a,b",
      VCAP_SERVICES: "{}",
      AICORE_RESOURCE_GROUP: "default",
      ANTHROPIC_API_KEY: "sk-ant",
      CLAUDE_CODE_USE_BEDROCK: "1",
      CLAUDE_CODE_USE_VERTEX: "1",
      no_proxy: "corp.example, localhost",
    };
    const setup = await launch({ opus: OPUS }, env);
    const child = childEnvironment(env, setup);
    expect(child).toEqual({
      PATH: "/bin",
      AICORE_RESOURCE_GROUP: "default",
      ...setup.variables,
      NO_PROXY: "corp.example,localhost,127.0.0.1,::1",
      no_proxy: "corp.example,localhost,127.0.0.1,::1",
    });
    expect(variablesOf(env, setup)).toMatchObject({ ANTHROPIC_BASE_URL: "http://127.0.0.1:4711" });
  });
});

describe("settings of Claude Code that win over the environment", () => {
  const settings = (folder: string, file: string, content: string) => {
    mkdirSync(join(folder, ".claude"), { recursive: true });
    writeFileSync(join(folder, ".claude", file), content);
    return join(folder, ".claude", file);
  };

  /** What stands in `--settings` of ours. */
  const onTop = (args: string[]) => (args[0] === "--settings" ? JSON.parse(args[1] ?? "") : undefined);

  test.each([
    [
      "settings.json",
      { env: { ANTHROPIC_BASE_URL: "https://else.where", EDITOR: "vi", API_TIMEOUT_MS: "5" } },
      { env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:4711" } },
    ],
    [
      "settings.local.json",
      { env: { CLAUDE_CODE_USE_BEDROCK: "1", ANTHROPIC_DEFAULT_OPUS_MODEL: "m" } },
      { env: { CLAUDE_CODE_USE_BEDROCK: "", ANTHROPIC_DEFAULT_OPUS_MODEL: OPUS.id } },
    ],
    ["settings.json", { apiKeyHelper: "pass show" }, { apiKeyHelper: "" }],
    ["settings.json", { env: { ANTHROPIC_MODEL: OPUS.id } }, undefined],
  ])("%s with %j: ours go on top with --settings", async (file, content, expected) => {
    const project = mkdtempSync(join(HOME, "project-"));
    settings(project, file, JSON.stringify(content));
    const { args, warnings } = await launch({ opus: OPUS, [OPUS.id]: OPUS }, {}, project);
    expect(onTop(args)).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  test("a model that is not deployed is left out, with a warning", async () => {
    const project = mkdtempSync(join(HOME, "project-"));
    settings(project, "settings.json", JSON.stringify({ env: { ANTHROPIC_MODEL: "us.claude-x" } }));
    const { args, warnings } = await launch(
      { opus: OPUS, [OPUS.id]: OPUS },
      { ANTHROPIC_MODEL: OPUS.id },
      project,
    );
    expect(onTop(args)).toEqual({ env: { ANTHROPIC_MODEL: "" } });
    expect(warnings).toEqual(["ANTHROPIC_MODEL is us.claude-x, which is not deployed here: left out."]);
  });

  test("a token stays, with a warning that tells file and key, never the value: ours is not for a command line", async () => {
    const project = mkdtempSync(join(HOME, "project-"));
    const content = { env: { ANTHROPIC_AUTH_TOKEN: "t0ken", ANTHROPIC_BASE_URL: "https://else.where" } };
    const path = settings(project, "settings.json", JSON.stringify(content));
    const { args, warnings } = await launch({ opus: OPUS }, {}, project);
    expect(onTop(args)).toEqual({ env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:4711" } });
    expect(warnings).toEqual([
      `${path} sets env.ANTHROPIC_AUTH_TOKEN, which overrides aicore: remove it there to use the tenant's models.`,
    ]);
  });

  test.each([[["--settings", "mine.json"]], [["-p", "--settings={}"]]])(
    "the user's own %j is left alone, and what overrides us is told",
    async (args) => {
      const project = mkdtempSync(join(HOME, "project-"));
      const content = { env: { ANTHROPIC_BASE_URL: "https://else.where" }, apiKeyHelper: "pass show" };
      const path = settings(project, "settings.json", JSON.stringify(content));
      const told = await launch({ opus: OPUS }, {}, project, args);
      expect(told.args).toEqual([]);
      expect(told.warnings).toEqual([
        expect.stringContaining(`${path} sets env.ANTHROPIC_BASE_URL, apiKeyHelper, which overrides aicore`),
      ]);
      expect(told.warnings.join()).not.toMatch(/else\.where|pass show/);
    },
  );

  test.each([["{ not json"], ["[]"], ['{"env":{"EDITOR":"vi"}}'], ['{"env":null}']])(
    "%s is no conflict",
    async (content) => {
      const project = mkdtempSync(join(HOME, "project-"));
      settings(project, "settings.json", content);
      expect(await launch({ opus: OPUS }, {}, project)).toMatchObject({ args: [], warnings: [] });
    },
  );

  test("CLAUDE_CONFIG_DIR is looked at in place of ~/.claude", async () => {
    const folder = mkdtempSync(join(HOME, "config-"));
    writeFileSync(join(folder, "settings.json"), '{"env":{"CLAUDE_CODE_USE_BEDROCK":"1"}}');
    const { args } = await launch({ opus: OPUS }, { CLAUDE_CONFIG_DIR: folder });
    expect(onTop(args)).toEqual({ env: { CLAUDE_CODE_USE_BEDROCK: "" } });
  });

  test("entries of `aicore configure claude` are undone by its counterpart", async () => {
    const home = mkdtempSync(join(HOME, "ours-"));
    const path = settings(home, "settings.json", '{"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:6655"}}');
    mkdirSync(join(home, "state", "configure"), { recursive: true, mode: 0o700 });
    const record = { version: 1, tool: "claude", url: "http://127.0.0.1:6655", files: [{ path }] };
    writeFileSync(join(home, "state", "configure", "claude.json"), JSON.stringify(record), { mode: 0o600 });
    const env = { HOME: home, AICORE_CLI_HOME: home };
    expect(settingsConflicts(env, HOME).map(conflictSentence)).toEqual([
      `${path} sets env.ANTHROPIC_BASE_URL, which overrides aicore: take it out with \`aicore unconfigure claude\`.`,
    ]);
  });
});
