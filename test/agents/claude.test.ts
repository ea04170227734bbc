import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { agentModel } from "../../src/agents/choice.ts";
import { claude } from "../../src/agents/claude.ts";
import { childEnvironment, variablesOf } from "../../src/agents/environment.ts";
import type { AgentModel } from "../../src/agents/types.ts";
import { optionsOf } from "./options.ts";

const HOME = mkdtempSync(join(tmpdir(), "aicore-claude-"));
afterAll(() => rmSync(HOME, { recursive: true, force: true }));

const OPUS = agentModel("anthropic--claude-4.6-opus");
const SONNET = agentModel("anthropic--claude-4.6-sonnet");
const OLD_SONNET = agentModel("anthropic--claude-4.5-sonnet");
const HAIKU = agentModel("anthropic--claude-4.5-haiku");

function launch(models: Record<string, AgentModel>, env: NodeJS.ProcessEnv = {}, cwd = HOME) {
  const find = async (name: string) => models[name];
  return claude.launch({ ...optionsOf([]), find, env: { HOME, ...env }, cwd });
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

  test.each([
    ["settings.json", { env: { ANTHROPIC_BASE_URL: "https://else.where" } }, "env.ANTHROPIC_BASE_URL"],
    [
      "settings.local.json",
      { env: { ANTHROPIC_AUTH_TOKEN: "t0ken", ANTHROPIC_MODEL: "m" } },
      "env.ANTHROPIC_AUTH_TOKEN, env.ANTHROPIC_MODEL",
    ],
    ["settings.json", { apiKeyHelper: "pass show" }, "apiKeyHelper"],
  ])("%s with %j is told by file and key, never by value", async (file, content, keys) => {
    const project = mkdtempSync(join(HOME, "project-"));
    const path = settings(project, file, JSON.stringify(content));
    const { warnings } = await launch({ opus: OPUS }, {}, project);
    expect(warnings).toEqual([expect.stringContaining(`${path} sets ${keys}, which overrides aicore`)]);
    expect(warnings.join()).not.toMatch(/else\.where|t0ken|pass show/);
  });

  test.each([["{ not json"], ["[]"], ['{"env":{"EDITOR":"vi"}}'], ['{"env":null}']])(
    "%s is no conflict",
    async (content) => {
      const project = mkdtempSync(join(HOME, "project-"));
      settings(project, "settings.json", content);
      expect((await launch({ opus: OPUS }, {}, project)).warnings).toEqual([]);
    },
  );

  test("CLAUDE_CONFIG_DIR is looked at in place of ~/.claude", async () => {
    const folder = mkdtempSync(join(HOME, "config-"));
    writeFileSync(join(folder, "settings.json"), '{"env":{"CLAUDE_CODE_USE_BEDROCK":"1"}}');
    const { warnings } = await launch({ opus: OPUS }, { CLAUDE_CONFIG_DIR: folder });
    expect(warnings).toEqual([expect.stringContaining("env.CLAUDE_CODE_USE_BEDROCK")]);
  });
});
