/** Which of the tenant's models a tool starts with, when its user does not say. */
import { capabilitiesOf } from "../catalog/capabilities.ts";
import { isSmall, newestFirst } from "../catalog/newest.ts";
import { ApiError } from "../errors.ts";
import type { Family } from "../hub/capabilities.ts";
import type { AgentModel, LaunchOptions } from "./types.ts";

export interface Choice {
  model: AgentModel;
  /** For side jobs such as titles; the same one where its family has no smaller. */
  small: AgentModel;
  /** `model = gpt-5.5`, and why it is not of the tool's own family. */
  notice: string;
}

/** Families in the order of preference of a tool that can use any. */
export const CLAUDE_FIRST: readonly [Family, ...Family[]] = ["claude", "gpt", "gemini"];

const TITLES: Partial<Record<Family, string>> = { claude: "Claude", gpt: "GPT", gemini: "Gemini" };

export function agentModel(id: string, orchestrated = false): AgentModel {
  return { ...capabilitiesOf(id), id, orchestrated };
}

/** Whether a coding tool can work with a model: it is one to talk to, and it calls tools. */
export function isUsable({ tools, family }: AgentModel): boolean {
  return tools && family !== "embedding";
}

/**
 * The newest model of the first family that is deployed; when there is none, the newest of any other.
 * @throws ApiError "no_usable_model"
 */
export async function chooseModel(
  title: string,
  options: LaunchOptions,
  order: readonly [Family, ...Family[]],
): Promise<Choice> {
  const [first] = order;
  for (const family of order) {
    const found = await newestOf(family, options);
    if (found) return { ...found, notice: noticeOf(found.model, first) };
  }
  const [other] = sorted(options.models);
  if (other) return { model: other, small: other, notice: noticeOf(other, first) };
  throw new ApiError(404, `No model that ${title} can work with is deployed in this resource group.`, {
    reason: "no_usable_model",
    hint: "`aicore models list --catalog` shows what could be; `aicore deployments create <model> --wait` deploys it.",
  });
}

function noticeOf({ id, family }: AgentModel, wished: Family): string {
  return `model = ${id}${family === wished ? "" : ` (no ${TITLES[wished] ?? wished} is deployed)`}`;
}

async function newestOf(
  family: Family,
  options: LaunchOptions,
): Promise<Pick<Choice, "model" | "small"> | undefined> {
  if (family === "claude") return await newestClaude(options);
  const models = sorted(options.models.filter((model) => model.family === family));
  const [model] = models;
  return model && { model, small: models.find(({ id }) => isSmall(id)) ?? model };
}

/** Claude's families are names that the catalogue knows, and the user may have aliases for them. */
async function newestClaude({ find }: LaunchOptions): Promise<Pick<Choice, "model" | "small"> | undefined> {
  const model = (await find("opus")) ?? (await find("sonnet")) ?? (await find("haiku"));
  return model && { model, small: (await find("haiku")) ?? (await find("sonnet")) ?? model };
}

/** The newest first, models with a deployment of their own before all others. */
function sorted(models: readonly AgentModel[]): AgentModel[] {
  return [...models].sort(
    (a, b) => Number(a.orchestrated) - Number(b.orchestrated) || newestFirst(a.id, b.id),
  );
}

/** The value of an option among a user's arguments: `-m x`, `--model x`, `--model=x`; what follows `--` is not looked at. */
export function optionValue(args: readonly string[], ...names: string[]): string | undefined {
  const end = args.indexOf("--");
  const words = end < 0 ? args : args.slice(0, end);
  for (const [at, word] of words.entries()) {
    if (names.includes(word)) return words[at + 1];
    const name = names.find((each) => each.startsWith("--") && word.startsWith(`${each}=`));
    if (name) return word.slice(name.length + 1);
  }
  return undefined;
}
