/** Gemini on Vertex AI: `generateContent` and `streamGenerateContent?alt=sse` below `/models/{model}` (protocol 4c). */
import type { JsonObject } from "../../hub/json.ts";
import { type Answer, json, type PlainAnswer } from "../answer.ts";
import { argumentsFor } from "../claude/arguments.ts";
import { compose } from "../claude/compose.ts";
import { sceneOf } from "../claude/scene.ts";
import { type Reply, replyTo } from "../claude/script.ts";
import { blocksOf, type ClaudeRequest } from "../claude/wire.ts";
import type { Family, InferenceCall } from "../inference.ts";
import { GEMINI_MODELS } from "../models.ts";
import { Refusal } from "../refusal.ts";
import { type Answered, answerOf, bodyOf, chunksOf, type Prompted } from "./answer.ts";
import { asClaude, inLowerCase } from "./as-claude.ts";
import { checkRequest } from "./request.ts";
import type { GeminiRequest } from "./wire.ts";

type Handler = (call: InferenceCall) => Answer;

export const gemini: Family = {
  executable: "gcp-vertexai",
  serves: (model) => Object.hasOwn(GEMINI_MODELS, model),
  paths: Object.fromEntries(Object.keys(GEMINI_MODELS).flatMap(pathsOf)),
  error: vertexError,
};

function pathsOf(model: string): [string, Handler][] {
  return [
    [`/models/${model}:generateContent`, only(model, generate)],
    [`/models/${model}:streamGenerateContent?alt=sse`, only(model, stream)],
  ];
}

/** The model in the path has to be the deployed one. */
function only(model: string, handler: Handler): Handler {
  return (call) => {
    if (call.model === model) return handler(call);
    throw new Refusal(`Model '${model}' is not allowed, supported model: ${call.model}.`);
  };
}

function generate(call: InferenceCall): Answer {
  const answered = converse(call);
  return { ...json(200, bodyOf(answered)), usage: answered.usage };
}

function stream(call: InferenceCall): Answer {
  const answered = converse(call);
  return {
    status: 200,
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
    events: chunksOf(answered),
    framing: "sse",
    usage: answered.usage,
  };
}

function converse({ deployment, model, body, promptCache, temper }: InferenceCall): Answered {
  const rules = GEMINI_MODELS[model];
  if (rules === undefined) throw new Refusal(`Publisher Model ${model} was not found`, 404);
  const request = checkRequest(body, rules);
  const told = asClaude(request, rules);
  const scene = sceneOf(told);
  const reply = inForm(replyTo(temper.callsTools ? scene : { ...scene, tools: [] }), request);
  const input = promptCache.account(deployment, markedAtTheEnd(told));
  const cached = input.cache_read_input_tokens;
  const tokens = input.input_tokens + input.cache_creation_input_tokens + cached;
  const prompted: Prompted = { model, rules, prompt: { tokens, cached } };
  return answerOf(request, compose(told, reply), prompted);
}

/** An answer in JSON, where that was asked for. */
function inForm(reply: Reply, { generationConfig = {} }: GeminiRequest): Reply {
  const { responseMimeType, responseSchema, responseJsonSchema } = generationConfig;
  if (responseMimeType !== "application/json" || (reply.calls ?? []).length > 0) return reply;
  const schema = responseJsonSchema ?? responseSchema;
  const known: JsonObject = { title: "Sandbox session" };
  const answer = schema ? argumentsFor(inLowerCase(schema), known) : { answer: reply.text ?? "" };
  return { ...reply, text: JSON.stringify(answer) };
}

/** Gemini caches prefixes by itself: as if the end of every prompt were marked. */
function markedAtTheEnd(request: ClaudeRequest): ClaudeRequest {
  const last = request.messages.at(-1);
  if (last === undefined) return request;
  const blocks = blocksOf(last.content);
  const content = blocks.map((block, index) =>
    index === blocks.length - 1 ? { ...block, cache_control: { type: "ephemeral" } } : block,
  );
  return { ...request, messages: [...request.messages.slice(0, -1), { ...last, content }] };
}

const STATUS: Readonly<Record<number, string>> = { 400: "INVALID_ARGUMENT", 404: "NOT_FOUND" };

/** The shape of Vertex's errors (protocol 6.1). */
function vertexError(code: number, message: string): PlainAnswer {
  return json(code, { error: { code, message, status: STATUS[code] ?? "INVALID_ARGUMENT" } });
}
