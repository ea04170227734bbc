/**
 * The launchers with the real tools: a user with nothing configured, or with the tool configured for something else,
 * types `aicore <tool>` and gets an answer that took the whole way: tool, proxy, upstream, the tool's shell, and back.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { TOOLS, visit } from "./launchers.ts";
import { nonce } from "./visit.ts";

/** Qwen Code 0.24 stops reading when a command ends, and may miss what a quick one printed (2026-11-21). */
const TASK = "Run the command `cat nonce.txt && sleep 1` and tell me what it printed.";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => {
  sandbox.refused.length = 0;
});
afterAll(() => sandbox.close());

describe.each(Object.entries(TOOLS))("aicore %s", (tool, { configuration, models }) => {
  test.each([
    ["nothing configured", {}],
    ["a configuration for something else, which stays as it is", configuration],
  ])("finishes a tool run with %s", async (_name, given) => {
    const secret = nonce();
    const before = sandbox.requests.length;
    const outcome = await visit({
      sandbox,
      tool,
      task: TASK,
      files: { "nonce.txt": secret },
      configuration: given,
    });
    expect(sandbox.refused.map(({ refusal }) => refusal)).toEqual([]);
    expect(outcome, outcome.output).toMatchObject({ exitCode: 0 });
    expect(outcome.answer, outcome.output).toContain(secret);
    expect(outcome.configuration).toEqual(given);
    const asked = sandbox.requests.slice(before).filter(({ kind }) => kind === "inference");
    expect(models).toEqual(expect.arrayContaining(asked.map(({ model }) => model)));
  });

  test("fails when the model never calls the tool: the proof can fail", async () => {
    const toolless = await startSandbox({ callsTools: false });
    const secret = nonce();
    const { output } = await visit({ sandbox: toolless, tool, task: TASK, files: { "nonce.txt": secret } });
    await toolless.close();
    expect(toolless.requests.filter(({ kind }) => kind === "inference")).not.toEqual([]);
    expect(output).not.toContain(secret);
  });
});

test.each([
  ["codex", ["-m", "anthropic--claude-4.6-sonnet"], "anthropic--claude-4.6-sonnet"],
  // It asks for a newer Flash in place of this one.
  ["gemini", ["-m", "gemini-3.5-flash"], "gemini-3.5-flash"],
  ["qwen", ["--model", "anthropic--claude-4.6-sonnet"], "anthropic--claude-4.6-sonnet"],
])("%s with %j talks to %s", async (tool, args, model) => {
  const secret = nonce();
  const before = sandbox.requests.length;
  const outcome = await visit({ sandbox, tool, task: TASK, files: { "nonce.txt": secret }, args });
  expect(outcome.answer, outcome.output).toContain(secret);
  expect(sandbox.requests.slice(before).map((request) => request.model)).toContain(model);
});
