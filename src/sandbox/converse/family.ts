/** Amazon Nova on Bedrock: `/converse` and `/converse-stream` (protocol 4a.8). */
import { type Answer, bedrockError, json, type PlainAnswer } from "../answer.ts";
import { compose } from "../claude/compose.ts";
import { sceneOf } from "../claude/scene.ts";
import { replyTo } from "../claude/script.ts";
import type { Family, InferenceCall } from "../inference.ts";
import { NOVA_MODELS } from "../models.ts";
import { Refusal } from "../refusal.ts";
import { type Answered, bodyOf, eventsOf, usageOf } from "./answer.ts";
import { asClaude } from "./as-claude.ts";
import { WORDLESS } from "./blocks.ts";
import { checkRequest } from "./request.ts";

const BINARY = "application/vnd.amazon.eventstream";

export const converse: Family = {
  executable: "aws-bedrock",
  serves: (model) => Object.hasOwn(NOVA_MODELS, model),
  paths: { "/converse": whole, "/converse-stream": stream },
  error: converseError,
};

function whole(call: InferenceCall): Answer {
  const answered = answer(call);
  return { ...json(200, bodyOf(answered)), usage: usageOf(answered) };
}

/** Python's `repr` in SSE unless `Accept` asks for AWS's own framing. */
function stream(call: InferenceCall): Answer {
  const answered = answer(call);
  const binary = call.accept.includes(BINARY);
  return {
    status: 200,
    headers: { "content-type": binary ? BINARY : "text/event-stream", "cache-control": "no-cache" },
    events: eventsOf(answered),
    framing: binary ? "binary" : "python",
    usage: usageOf(answered),
  };
}

function answer({ deployment, model, body, promptCache, temper }: InferenceCall): Answered {
  const rules = NOVA_MODELS[model];
  if (rules === undefined) throw new Refusal(`The model ${model} is not known`, 404);
  const request = asClaude(checkRequest(body, rules), rules);
  const scene = sceneOf(request);
  const composed = compose(request, replyTo(temper.callsTools ? scene : { ...scene, tools: [] }));
  return { composed: named(composed), input: promptCache.account(deployment, request) };
}

/** Converse's calls have ids of their own form (protocol 7.3 #53). */
function named(composed: Answered["composed"]): Answered["composed"] {
  const content = composed.content.map((block) =>
    block.type === "tool_use"
      ? { ...block, id: String(block.id).replace("toolu_bdrk_01", "tooluse_") }
      : block,
  );
  return { ...composed, content };
}

function converseError(status: number, message: string): PlainAnswer {
  if (message === WORDLESS) return json(status, {}, { "x-amzn-errortype": "ValidationException" });
  const type = status === 403 ? "AccessDeniedException" : "ValidationException";
  return bedrockError(status, type, message);
}
