/** Mistral, Llama, Granite and Perplexity: `/chat/completions` without an api-version (protocol 4d). */
import type { Json } from "../../hub/json.ts";
import type { Answer } from "../answer.ts";
import type { Family, InferenceCall } from "../inference.ts";
import { COMPATIBLE_MODELS, type CompatibleRules } from "../models.ts";
import { chatAnswer, usageOf } from "./chat-answer.ts";
import { COMMON, checkChat, FORMAT, LOGPROBS, messagesWith, STREAM_OPTIONS, TOOLS } from "./chat-request.ts";
import { asScript, type ChatRequest } from "./chat-wire.ts";
import { composeFor } from "./composed.ts";
import { openaiError } from "./errors.ts";
import { anything, boolean, type Check, integer, number, object, refuse, string } from "./schema.ts";

/** One executable: its parameters, and what it alone refuses. */
interface Host {
  executable: string;
  fields: Record<string, Check>;
  check(request: ChatRequest): void;
  /** The id of a call, made from some letters. */
  callId(letters: string): string;
}

const free = { check: () => {}, callId: (letters: string) => `chatcmpl-tool-${letters}` };
const open = { ...COMMON, ...STREAM_OPTIONS, ...TOOLS, ...FORMAT, ...LOGPROBS, top_k: integer(0) };

const HOSTS: readonly Host[] = [
  {
    executable: "aicore-mistralai",
    fields: {
      ...{ ...COMMON, ...STREAM_OPTIONS, ...TOOLS, ...FORMAT, reasoning_effort: string },
      ...{ random_seed: integer(0), safe_prompt: boolean },
    },
    check: checkMistral,
    callId: (letters) => letters.slice(0, 9),
  },
  { executable: "aicore-opensource", fields: open, ...free },
  { executable: "aicore-ibm", fields: open, ...free },
  {
    executable: "perplexity-ai",
    fields: {
      ...{ ...COMMON, ...STREAM_OPTIONS, top_k: integer(0), search_mode: string, disable_search: boolean },
      ...{ search_domain_filter: anything, web_search_options: anything, temperature: number(0, 2) },
    },
    check: checkPerplexity,
    callId: free.callId,
  },
];

export const compatibleFamilies: readonly Family[] = HOSTS.map((host) => ({
  executable: host.executable,
  serves: (model) => Object.hasOwn(COMPATIBLE_MODELS, model),
  paths: { "/chat/completions": (call) => complete(call, host) },
  error: openaiError,
}));

function complete({ deployment, model, body, memory, temper }: InferenceCall, host: Host): Answer {
  const rules = COMPATIBLE_MODELS[model] ?? refuse(`The model ${model} is not known`, 404);
  const request = checked(body, model, rules, host);
  const { messages, tools = [], stream = false } = request;
  const script = asScript(request, rules.maxOutput, request.reasoning_effort === "high");
  const composed = composeFor(script, { callsTools: temper.callsTools, format: formatOf(request) });
  const account = memory.account(deployment, "", [...tools, ...messages] as unknown as Json[]);
  if (account.prompt > rules.context)
    refuse(`This model's maximum context length is ${rules.context} tokens.`);
  const cites = host.executable === "perplexity-ai" ? { citations: ["https://example.com/"] } : {};
  return chatAnswer({
    composed,
    model,
    usage: usageOf(account, composed),
    callId: host.callId,
    stream,
    tellsUsage: request.stream_options?.include_usage === true,
    extras: { answer: cites },
  });
}

export function formatOf({ response_format: format }: ChatRequest) {
  if (format === undefined || format.type === "text") return undefined;
  const schema = format.json_schema?.schema;
  return schema === undefined ? {} : { schema };
}

function checked(body: Json, model: string, rules: CompatibleRules, host: Host): ChatRequest {
  const { model: _name, ...optional } = host.fields;
  const request = checkChat(body, object({ model: string, messages: messagesWith() }, optional));
  if (request.model !== model) refuse(`Model '${request.model}' is not allowed, supported model: ${model}.`);
  if ((request.max_tokens ?? 0) > rules.maxOutput)
    refuse(`max_tokens is too large: ${request.max_tokens}. This model supports at most ${rules.maxOutput}.`);
  if (request.reasoning_effort !== undefined && !rules.efforts.includes(request.reasoning_effort))
    refuse(
      `Unsupported value: 'reasoning_effort' does not support '${request.reasoning_effort}' with this model.`,
    );
  host.check(request);
  return request;
}

/** Ids of nine letters or digits, and no system message behind a tool's answer (protocol 4d). */
function checkMistral({ messages }: ChatRequest): void {
  for (const [index, { role, tool_calls = [], tool_call_id }] of messages.entries()) {
    const ids = [...tool_calls.map(({ id }) => id), ...(tool_call_id === undefined ? [] : [tool_call_id])];
    const wrong = ids.find((id) => !/^[a-zA-Z0-9]{9}$/.test(id));
    if (wrong !== undefined)
      refuse(`Tool call id was ${wrong} but must be a-z, A-Z, 0-9, with a length of 9.`);
    if (role === "system" && messages[index - 1]?.role === "tool")
      refuse("Unexpected role 'system' after role 'tool'");
  }
  if (messages.at(-1)?.role === "assistant")
    refuse("Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant");
}

/** After the system's words, user and assistant in turns, the user last (Perplexity's API reference, 2026). */
function checkPerplexity({ messages }: ChatRequest): void {
  const talk = messages.slice(
    Math.max(
      0,
      messages.findIndex(({ role }) => role !== "system"),
    ),
  );
  for (const [index, { role }] of talk.entries())
    if (role !== (index % 2 === 0 ? "user" : "assistant"))
      refuse(
        "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).",
      );
  if (talk.at(-1)?.role !== "user") refuse("Last message must have role `user`.");
}
