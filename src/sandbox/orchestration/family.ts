/** Orchestration: one deployment for every model that the tenant's catalogue offers there (protocol 4f). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Answer } from "../answer.ts";
import { isOrchestrated } from "../catalogue.ts";
import type { PromptUsage } from "../claude/events.ts";
import type { Block, ClaudeRequest, Tool } from "../claude/wire.ts";
import { embedThroughOrchestration } from "../embeddings/orchestration.ts";
import type { Family, InferenceCall } from "../inference.ts";
import { usageOf } from "../openai-compatible/chat-answer.ts";
import { asScript, type ChatRequest } from "../openai-compatible/chat-wire.ts";
import { type Composed, composeFor } from "../openai-compatible/composed.ts";
import { formatOf } from "../openai-compatible/family.ts";
import { Refusal } from "../refusal.ts";
import { type Orchestrated, streamedAnswer, wholeAnswer } from "./answer.ts";
import { orchestrationError, PromptRefusal } from "./errors.ts";
import { type OrchestrationRequest, requestShape } from "./request.ts";
import { checkPrompt } from "./rules.ts";
import { fillTemplate } from "./template.ts";

const MOST_OUTPUT = 64_000;
/** The service's own. */
const CHUNK_SIZE = 100;

export const orchestration: Family = {
  executable: "orchestration",
  serves: (model) => model === "",
  paths: { "/v2/completion": answering(complete), "/v2/embeddings": answering(embedThroughOrchestration) },
  error: orchestrationError,
};

/** A refusal that knows the prompt repeats it. */
function answering(handler: (call: InferenceCall) => Answer): (call: InferenceCall) => Answer {
  return (call) => {
    try {
      return handler(call);
    } catch (error) {
      if (!(error instanceof PromptRefusal)) throw error;
      return { ...orchestrationError(error.status, error.message, error.templating), refusal: error.message };
    }
  };
}

function complete({ deployment, body, memory, promptCache, temper }: InferenceCall): Answer {
  requestShape(body, "");
  const request = body as unknown as OrchestrationRequest;
  const { prompt, model } = request.config.modules.prompt_templating;
  if (!isOrchestrated(model.name)) throw new Refusal(`Request Body: Model ${model.name} not supported.`);
  const messages = fillTemplate(request);
  const { template: _told, ...asked } = prompt;
  const params = model.params ?? {};
  checkPrompt({ model: model.name, params, asked: asked as unknown as JsonObject, messages });
  const chat = { ...params, ...asked, messages } as unknown as ChatRequest;
  const composed = composeFor(asScript(chat, MOST_OUTPUT, thinks(model.name, params)), {
    callsTools: temper.callsTools,
    format: formatOf(chat),
  });
  const isClaude = model.name.startsWith("anthropic--");
  const host = `${deployment} ${model.name}`;
  const segments = [...(prompt.tools ?? []), ...messages] as unknown as Json[];
  const usage = isClaude
    ? claudeUsage(promptCache.account(host, marked(chat)), composed)
    : usageOf(memory.account(host, "", segments), composed);
  const told: Orchestrated = {
    composed,
    model: model.name.replace(/^\w+--/, ""),
    isClaude,
    callId: (letters) => (model.name.startsWith("mistralai--") ? letters.slice(0, 9) : `call_${letters}`),
    usage,
    templating: messages as unknown as Json,
  };
  const { stream } = request.config;
  return stream?.enabled === true ? streamedAnswer(told, stream.chunk_size ?? CHUNK_SIZE) : wholeAnswer(told);
}

/** Claude when it is asked to; what other models think is not told in chat. */
function thinks(model: string, { reasoning_effort: effort, thinking }: JsonObject): boolean {
  if (!model.startsWith("anthropic--")) return false;
  return effort !== undefined || (isObject(thinking) && thinking.type !== "disabled");
}

/** Prompt tokens without those that were cached or newly cached (protocol 4f.3). */
function claudeUsage(input: PromptUsage, composed: Composed): JsonObject {
  const { input_tokens: prompt, cache_creation_input_tokens, cache_creation } = input;
  const usage = usageOf({ prompt, cached: input.cache_read_input_tokens }, composed);
  return {
    ...usage,
    prompt_tokens_details: {
      ...(usage.prompt_tokens_details as JsonObject),
      cache_creation_tokens: cache_creation_input_tokens,
      cache_creation_token_details: cache_creation,
    },
  };
}

/** The prompt as Claude's cache sees it: the system prompt apart, parts with their marks; a message without parts is one. */
function marked({ tools = [], messages }: ChatRequest): ClaudeRequest {
  const isSystem = ({ role }: { role: string }) => role === "system";
  const blocks = (message: (typeof messages)[number]) =>
    (Array.isArray(message.content) ? message.content : [message]) as unknown as Block[];
  return {
    anthropic_version: "",
    max_tokens: 1,
    tools: tools as unknown as Tool[],
    system: messages.filter(isSystem).flatMap(blocks),
    messages: messages
      .filter((message) => !isSystem(message))
      .map((message) => ({ role: "user", content: blocks(message) })),
  };
}
