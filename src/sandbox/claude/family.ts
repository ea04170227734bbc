/** Claude on Bedrock: `/invoke` and `/invoke-with-response-stream` (protocol 4a). */
import { type Answer, bedrockError, json } from "../answer.ts";
import type { Family, InferenceCall } from "../inference.ts";
import { CLAUDE_MODELS } from "../models.ts";
import { Refusal } from "../refusal.ts";
import { compose } from "./compose.ts";
import { type Answered, eventsOf } from "./events.ts";
import { checkRequest } from "./request.ts";
import { sceneOf } from "./scene.ts";
import { replyTo } from "./script.ts";
import { type Block, tokensOf } from "./wire.ts";

const BINARY = "application/vnd.amazon.eventstream";

export const claude: Family = {
  executable: "aws-bedrock",
  serves: (model) => Object.hasOwn(CLAUDE_MODELS, model),
  paths: { "/invoke": invoke, "/invoke-with-response-stream": invokeWithStream },
  error: (status, message) => bedrockError(status, "ValidationException", message),
};

function invoke(call: InferenceCall): Answer {
  const message = converse(call);
  return { ...json(200, message), usage: message.usage };
}

/** SSE text unless `Accept` asks for AWS's own framing. */
function invokeWithStream(call: InferenceCall): Answer {
  const message = converse(call);
  const binary = call.accept.includes(BINARY);
  return {
    status: 200,
    headers: { "content-type": binary ? BINARY : "text/event-stream", "cache-control": "no-cache" },
    events: eventsOf(message),
    framing: binary ? "binary" : "sse",
    usage: message.usage,
  };
}

function converse({ deployment, model, body, promptCache, temper }: InferenceCall): Answered {
  const rules = CLAUDE_MODELS[model];
  if (rules === undefined) throw new Refusal(`The model ${model} is not known`, 404);
  const request = checkRequest(body, model, rules, temper.unknownBetas);
  const scene = sceneOf(request);
  const { output_tokens, ...composed } = compose(
    request,
    replyTo(temper.callsTools ? scene : { ...scene, tools: [] }),
  );
  const thought = thinkingTokens(composed.content);
  const usage = {
    ...promptCache.account(deployment, request),
    output_tokens,
    ...(thought > 0 &&
      TELLS_THINKING.has(rules.thinking) && { output_tokens_details: { thinking_tokens: thought } }),
  };
  return { model: rules.wireId, type: "message", role: "assistant", ...composed, usage };
}

/** Which models tell apart what was thinking: the newer ones, some say (protocol 4a.6), so that both kinds are there. */
const TELLS_THINKING: ReadonlySet<string> = new Set(["both", "adaptive"]);

function thinkingTokens(content: readonly Block[]): number {
  return content.reduce(
    (sum, { thinking }) => sum + (typeof thinking === "string" ? tokensOf(thinking) : 0),
    0,
  );
}
