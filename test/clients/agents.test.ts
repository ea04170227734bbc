/**
 * The other coding agents, for real: every agent, in each dialect that it speaks, on a model of each family, with the
 * same proof as for Claude Code. Two commands in turn, so that a model's thoughts have to come back to it as well.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { AGENTS, type Agent, type Outcome, visit } from "./agents.ts";
import { nonce } from "./visit.ts";

const MODELS = [
  "anthropic--claude-4.6-sonnet",
  "gpt-5.5",
  "gpt-4.1",
  "gemini-2.5-pro",
  "gemini-3.5-flash",
] as const;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => {
  sandbox.refused.length = 0;
});
afterAll(() => sandbox.close());

describe.each(Object.entries(AGENTS))("%s", (_name, agent) => {
  test.each(MODELS)("runs two commands on %s and tells what they printed", async (model) => {
    const { outcome, asked, first, second } = await runTwoCommands(sandbox, agent, model);
    expect(sandbox.refused.map(({ refusal }) => refusal)).toEqual([]);
    expect(outcome, outcome.output).toMatchObject({ exitCode: 0 });
    expect(asked.filter(({ body }) => body.includes(first))).not.toEqual([]);
    expect(outcome.answer, outcome.output).toContain(second);
    expect(new Set(asked.map((request) => request.model))).toEqual(new Set([model]));
  });

  test("fails when the model never calls the tool: the proof can fail", async () => {
    const toolless = await startSandbox({ callsTools: false });
    const { outcome, asked, first, second } = await runTwoCommands(toolless, agent, MODELS[0]);
    await toolless.close();
    expect(asked).not.toEqual([]);
    expect(outcome.output).not.toContain(first);
    expect(outcome.output).not.toContain(second);
  });
});

/** What the makers sign their thoughts with. Codex keeps them sealed and sends them back. */
test.each([
  ["anthropic--claude-4.6-sonnet", /"type":"thinking".*?"signature":"[^"]/],
  ["gpt-5.5", /"encrypted_content":"[^"]/],
  ["gemini-3.5-flash", /"thoughtSignature":"(?!skip_)/],
])("Codex brings the thoughts of %s back to it", async (model, signed) => {
  const { asked } = await runTwoCommands(sandbox, AGENTS.Codex, model);
  expect(sandbox.refused.map(({ refusal }) => refusal)).toEqual([]);
  expect(asked.at(-1)?.body).toMatch(signed);
});

interface Run {
  outcome: Outcome;
  /** The inference requests that reached SAP AI Core. */
  asked: Sandbox["requests"];
  /** What the first file holds; the model tells of the second alone. */
  first: string;
  second: string;
}

async function runTwoCommands(on: Sandbox, agent: Agent, model: string): Promise<Run> {
  const [first, second] = [nonce(), nonce()];
  const before = on.requests.length;
  const outcome = await visit({
    sandbox: on,
    agent,
    model,
    prompt: "Run `cat one.txt` and then run `cat two.txt` and tell me both.",
    files: { "one.txt": first, "two.txt": second },
  });
  const asked = on.requests.slice(before).filter(({ kind }) => kind === "inference");
  return { outcome, asked, first, second };
}
