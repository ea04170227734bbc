import { describe, expect, test } from "vitest";
import { agentModel, chooseModel, optionValue } from "../../src/agents/choice.ts";
import { ApiError } from "../../src/errors.ts";
import type { Family } from "../../src/hub/capabilities.ts";
import { optionsOf } from "./options.ts";

const EVERYTHING = [
  "anthropic--claude-4.6-opus",
  "anthropic--claude-4.5-haiku",
  "gpt-4.1",
  "gpt-5",
  "gpt-5-mini",
  "gemini-2.5-pro",
  "gemini-3.5-flash",
  "sonar-pro",
  "text-embedding-3-small",
];

interface Case {
  deployed: string[];
  order: [Family, ...Family[]];
  model: string;
  small: string;
  notice?: string;
}

describe("the model that a tool starts with", () => {
  test.each<Case>([
    { deployed: EVERYTHING, order: ["gpt"], model: "gpt-5", small: "gpt-5-mini" },
    { deployed: EVERYTHING, order: ["gemini"], model: "gemini-2.5-pro", small: "gemini-3.5-flash" },
    {
      deployed: EVERYTHING,
      order: ["claude"],
      model: "anthropic--claude-4.6-opus",
      small: "anthropic--claude-4.5-haiku",
    },
    {
      deployed: ["anthropic--claude-4.6-sonnet", "gemini-2.5-pro"],
      order: ["gpt", "claude", "gemini"],
      model: "anthropic--claude-4.6-sonnet",
      small: "anthropic--claude-4.6-sonnet",
      notice: "model = anthropic--claude-4.6-sonnet (no GPT is deployed)",
    },
    {
      deployed: ["mistralai--mistral-small", "mistralai--mistral-medium", "sonar-pro"],
      order: ["claude", "gpt"],
      model: "mistralai--mistral-medium",
      small: "mistralai--mistral-medium",
      notice: "model = mistralai--mistral-medium (no Claude is deployed)",
    },
  ])("of $deployed, $order first, is $model", async ({ deployed, order, model, small, notice }) => {
    const choice = await chooseModel("Tool", optionsOf(deployed), order);
    expect({ model: choice.model.id, small: choice.small.id }).toEqual({ model, small });
    expect(choice.notice).toBe(notice ?? `model = ${model}`);
  });

  test("has a deployment of its own before a newer one that goes through orchestration", async () => {
    const models = [agentModel("gpt-5.5", true), agentModel("gpt-4.1")];
    const { model } = await chooseModel("Tool", { ...optionsOf([]), models }, ["gpt"]);
    expect(model.id).toBe("gpt-4.1");
  });

  test.each([[[]], [["text-embedding-3-small", "sonar-pro"]]])(
    "where only %j is deployed there is none, and it is said what to do",
    async (deployed) => {
      const choosing = chooseModel("Codex", optionsOf(deployed), ["gpt", "claude"]);
      await expect(choosing).rejects.toThrow("No model that Codex can work with is deployed");
      await expect(choosing).rejects.toMatchObject({
        code: "no_usable_model",
        exitCode: 5,
        hint: expect.stringContaining("aicore deployments create"),
      });
      await expect(choosing).rejects.toBeInstanceOf(ApiError);
    },
  );
});

test.each<[string, string | undefined]>([
  ["exec -m gpt-5 hello", "gpt-5"],
  ["--model gpt-5", "gpt-5"],
  ["--model=gpt-5", "gpt-5"],
  ["-p -- -m gpt-5", undefined],
  ["--models gpt-5", undefined],
  ["-m", undefined],
  ["", undefined],
])("the model in %j is %s", (line, model) => {
  expect(optionValue(line.split(" "), "-m", "--model")).toBe(model);
});
