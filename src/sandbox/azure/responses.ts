/** `/responses` on Azure behind SAP, with what belongs to it: compact, and stored responses (protocol 4b.1, 4b.4). */
import type { JsonObject } from "../../hub/json.ts";
import { type Answer, json } from "../answer.ts";
import type { ClaudeRequest } from "../claude/wire.ts";
import type { InferenceCall } from "../inference.ts";
import { AZURE_MODELS, type AzureRules } from "../models.ts";
import { choiceOf } from "../openai-compatible/chat-wire.ts";
import { type Composed, composeFor } from "../openai-compatible/composed.ts";
import type { Memory } from "../openai-compatible/memory.ts";
import { refuse } from "../openai-compatible/schema.ts";
import { asConversation, checkItems } from "./items.ts";
import { outputOf, responseOf } from "./response.ts";
import { eventsOf } from "./response-events.ts";
import { checkCompact, checkResponses, inputItems, type ResponsesRequest } from "./responses-request.ts";
import { checkEffort, checkLength, checkSampling, thinksAt } from "./rules.ts";
import { sealFor } from "./sealed.ts";

export function respond(call: InferenceCall): Answer {
  const { deployment, model, memory } = call;
  const rules = rulesOf(model);
  const request = checkResponses(call.body, model);
  checkSampling(request as unknown as JsonObject, rules);
  checkEffort("reasoning.effort", request.reasoning?.effort, rules);
  if ((request.max_output_tokens ?? 0) > rules.maxOutput)
    refuse(
      `Invalid 'max_output_tokens': integer above maximum value. Expected a value <= ${rules.maxOutput}.`,
    );
  const { composed, items, usage } = answerTo(request, call, rules);
  const output = outputOf(composed, sealFor(deployment, composed.thought ?? ""), isSealed(request));
  const response = responseOf(request, composed, output, usage, rules.wireId);
  if (request.store !== false)
    memory.responses.set(String(response.id), { deployment, response, items: [...items, ...output] });
  if (request.stream !== true) return { ...json(200, response), usage };
  return {
    status: 200,
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
    events: eventsOf(response),
    framing: "sse",
    usage,
  };
}

function answerTo(request: ResponsesRequest, call: InferenceCall, rules: AzureRules) {
  const { deployment, memory, temper } = call;
  const own = inputItems(request.input);
  const before = earlier(memory, deployment, request.previous_response_id);
  checkItems(own, before, { deployment, unstored: request.store === false });
  const items = [...before, ...own];
  const script = asScript(request, items, rules);
  const composed = composeFor(script, { callsTools: temper.callsTools, format: formatOf(request) });
  const { tools = [], prompt_cache_key: cacheKey = "", instructions = "" } = request;
  const account = memory.account(deployment, cacheKey, [...tools, instructions, ...items]);
  checkLength(account.prompt, rules);
  return { composed, items, usage: usageOf(account, composed) };
}

function usageOf(account: ReturnType<Memory["account"]>, composed: Composed): JsonObject {
  return {
    input_tokens: account.prompt,
    input_tokens_details: { cached_tokens: account.cached, cache_write_tokens: account.written },
    output_tokens: composed.outputTokens,
    output_tokens_details: { reasoning_tokens: composed.reasoningTokens },
    total_tokens: account.prompt + composed.outputTokens,
  };
}

function rulesOf(model: string): AzureRules {
  const rules = AZURE_MODELS[model];
  if (rules?.responses !== true)
    return refuse(`The responses operation does not work with the model ${model}.`);
  return rules;
}

function asScript(request: ResponsesRequest, items: JsonObject[], rules: AzureRules): ClaudeRequest {
  const { system, messages } = asConversation(items);
  const { tools = [], tool_choice: choice, instructions, reasoning } = request;
  return {
    anthropic_version: "",
    max_tokens: request.max_output_tokens ?? rules.maxOutput,
    system: [...(instructions === undefined ? [] : [{ type: "text", text: instructions }]), ...system],
    messages,
    tools: tools.map(({ name, description = "", parameters = {} }) => ({
      name,
      description,
      input_schema: parameters,
    })),
    ...choiceOf(typeof choice === "object" ? { type: "function", function: choice } : choice),
    ...(thinksAt(rules, reasoning?.effort) && { thinking: { type: "adaptive" } }),
  };
}

function formatOf({ text }: ResponsesRequest) {
  const { type = "text", schema } = text?.format ?? {};
  if (type === "text") return undefined;
  return schema === undefined ? {} : { schema };
}

/** Reasoning travels only where it is asked for, or where nothing is stored (OpenAI's reference, 2026). */
function isSealed({ include = [] }: ResponsesRequest): boolean {
  return include.includes("reasoning.encrypted_content");
}

function earlier(memory: Memory, deployment: string, id: string | null | undefined): JsonObject[] {
  if (id === undefined || id === null) return [];
  const stored = memory.responses.get(id);
  if (stored?.deployment !== deployment) return refuse(`Previous response with id '${id}' not found.`);
  return stored.items;
}

/** Unary: all that was said, in one item that only this deployment reads. */
export function compact(call: InferenceCall): Answer {
  const { deployment, model, memory, body } = call;
  const request = checkCompact(body, model);
  const items = inputItems(request.input);
  checkItems(items, [], { deployment, unstored: true });
  const account = memory.account(deployment, "compact", items);
  const usage = { input_tokens: account.prompt, output_tokens: 7, total_tokens: account.prompt + 7 };
  const id = String(account.prompt);
  const output = [{ id: `cmp_${id}`, type: "compaction", encrypted_content: sealFor(deployment, id) }];
  return { ...json(200, { id: `resp_${id}`, object: "response.compaction", output, usage }), usage };
}

/** GET and DELETE of a stored response, and the attempt to cancel it. */
export function stored(id: string, verb: "GET" | "DELETE" | "cancel"): (call: InferenceCall) => Answer {
  return ({ deployment, memory }) => {
    const found = memory.responses.get(id);
    if (found?.deployment !== deployment) return refuse(`Response with id '${id}' not found.`, 404);
    if (verb === "cancel") return refuse("Cannot cancel a synchronous response.");
    if (verb === "GET") return json(200, found.response);
    memory.responses.delete(id);
    return json(200, { id, object: "response.deleted", deleted: true });
  };
}
