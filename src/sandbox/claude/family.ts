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
  const usage = { ...promptCache.account(deployment, request), output_tokens };
  return { model: rules.wireId, type: "message", role: "assistant", ...composed, usage };
}
