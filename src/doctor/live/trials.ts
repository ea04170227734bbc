/** What a deployment is asked to show: the abilities that the capability table gives its model. */
import { hintFor } from "../../aicore/hints.ts";
import { ApiError } from "../../errors.ts";
import type { Capabilities } from "../../hub/capabilities.ts";
import type { JsonObject } from "../../hub/json.ts";
import { fail, type Outcome, ok, summed, warn } from "../check.ts";
import { askEmbedding, askMessages, type Door, type Streamed } from "./ask.ts";
import type { Target } from "./catalog.ts";

interface Trial {
  name: string;
  /** Whether the model can do this. */
  fits(capabilities: Capabilities): boolean;
  /** Sent one after the other; the last answer counts. */
  requests: readonly JsonObject[];
  /** What the answer lacks, if anything. */
  lacks(answer: Streamed): string | undefined;
}

const PING = { name: "ping", description: "Answers pong", input_schema: { type: "object", properties: {} } };

/** From 4,096 tokens on every Claude caches (Anthropic's prompt caching page, 2026). */
const LONG_PROMPT = "This sentence is here to be cached and asks for nothing. ".repeat(480);
const CACHED: JsonObject = {
  max_tokens: 16,
  system: [{ type: "text", text: LONG_PROMPT, cache_control: { type: "ephemeral" } }],
  messages: [{ role: "user", content: "Reply with the single word OK." }],
};

const TRIALS: readonly Trial[] = [
  {
    name: "stream",
    fits: () => true,
    requests: [{ max_tokens: 64, messages: [{ role: "user", content: "Reply with the single word OK." }] }],
    lacks: () => undefined,
  },
  {
    name: "tools",
    fits: ({ tools }) => tools,
    requests: [
      {
        max_tokens: 1_024,
        tools: [PING],
        tool_choice: { type: "tool", name: PING.name },
        messages: [{ role: "user", content: "Call the tool ping." }],
      },
    ],
    lacks: ({ blocks }) => (blocks.includes("tool_use") ? undefined : "the tool was not called"),
  },
  {
    // Whether it thinks is for the model to decide; that it is asked in a way it takes is ours.
    name: "thinking",
    fits: ({ thinking }) => thinking !== "none",
    requests: [
      {
        max_tokens: 2_048,
        thinking: { type: "enabled", budget_tokens: 1_024 },
        messages: [{ role: "user", content: "What is 17 times 23? Reply with the number." }],
      },
    ],
    lacks: () => undefined,
  },
  {
    name: "cache",
    fits: ({ family }) => family === "claude",
    requests: [CACHED, CACHED],
    lacks: ({ cacheReadTokens }) =>
      cacheReadTokens > 0 ? undefined : "a repeated prompt was not read from the cache",
  },
];

/** Everything that a deployment should be able to do, one after the other; without a stream the rest is not tried. */
export async function tryOut({ deployment, model }: Target, door: Door): Promise<Outcome> {
  if (model.capabilities.family === "embedding") return await tryEmbedding(deployment.id, door);
  const shown: string[] = [];
  const findings: Outcome[] = [];
  let firstEventAfter = 0;
  for (const trial of TRIALS.filter(({ fits }) => fits(model.capabilities))) {
    try {
      const answer = await lastAnswer(trial.requests, deployment.id, door);
      firstEventAfter ||= answer.firstEventAfter;
      const lack = trial.lacks(answer);
      if (lack)
        findings.push(
          warn(`${trial.name}: ${lack}.`, "Try again; models and hosts are not always the same."),
        );
      else shown.push(trial.name);
    } catch (error) {
      findings.push(refused(trial.name, error));
      if (shown.length === 0) break;
    }
  }
  return summed(findings, ok(`${shown.join(", ")}; first event after ${firstEventAfter} ms`));
}

async function lastAnswer(requests: readonly JsonObject[], model: string, door: Door): Promise<Streamed> {
  const [first, ...rest] = requests;
  const answer = await askMessages(door, { model, ...first });
  return rest.length > 0 ? await lastAnswer(rest, model, door) : answer;
}

async function tryEmbedding(model: string, door: Door): Promise<Outcome> {
  try {
    return ok(`embeddings of ${await askEmbedding(door, model)} numbers`);
  } catch (error) {
    return refused("embeddings", error);
  }
}

/** The words are SAP's or the model's host's; the hint is ours, which the proxy does not add to them. */
function refused(trial: string, error: unknown): Outcome {
  if (!(error instanceof ApiError)) throw error;
  const { status, message } = error;
  if (/cannot be reached through this proxy/.test(message)) {
    return warn(
      `${trial}: ${message}`,
      "aicore does not speak to this kind of model yet; nothing is wrong with it.",
    );
  }
  return fail(`${trial}: ${status} ${message}`, hintFor(status, message) ?? fixFor(status));
}

function fixFor(status: number): string {
  if (status === 404)
    return "The deployment is gone or only minutes old: `aicore deployments list` shows what runs.";
  if (status >= 500)
    return "SAP or the host of the model failed: try again; if it stays, stop this deployment and make a new one.";
  return "The host of the model refused the request: report it with `aicore doctor --live --bundle report.json`.";
}
