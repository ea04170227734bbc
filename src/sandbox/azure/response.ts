/** A composed reply as a response object. */
import type { JsonObject } from "../../hub/json.ts";
import type { Composed } from "../openai-compatible/composed.ts";
import type { ResponsesRequest } from "./responses-request.ts";
import { FILTERS } from "./rules.ts";

/** Seconds since the epoch; fixed, so that the same request gets the same answer. */
const CREATED = 1_780_000_000;

/** The items: a thought first, with an empty summary as on every deployment that was seen (protocol 4b.4). */
export function outputOf(
  { id, thought, text, calls }: Composed,
  encrypted: string,
  sealed: boolean,
): JsonObject[] {
  const content = [{ type: "output_text", annotations: [], logprobs: [], text }];
  return [
    ...(thought === undefined
      ? []
      : [
          { id: `rs_${id}`, type: "reasoning", summary: [], ...(sealed && { encrypted_content: encrypted }) },
        ]),
    ...(text === "" && calls.length > 0
      ? []
      : [{ id: `msg_${id}`, type: "message", status: "completed", content, role: "assistant" }]),
    ...calls.map((call) => ({
      id: `fc_${call.id}`,
      type: "function_call",
      status: "completed",
      arguments: call.arguments,
      call_id: `call_${call.id}`,
      name: call.name,
    })),
  ];
}

export function responseOf(
  request: ResponsesRequest,
  { id, ended }: Composed,
  output: JsonObject[],
  usage: JsonObject,
  model: string,
): JsonObject {
  const cut = ended === "length";
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: CREATED,
    status: cut ? "incomplete" : "completed",
    background: false,
    completed_at: cut ? null : CREATED + 3,
    content_filters: [
      { blocked: false, source_type: "prompt", content_filter_raw: [], content_filter_results: FILTERS },
    ],
    error: null,
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    service_tier: "default",
    store: request.store ?? true,
    temperature: 1,
    text: request.text ?? { format: { type: "text" }, verbosity: "medium" },
    tool_choice: request.tool_choice ?? "auto",
    tools: request.tools ?? [],
    top_p: 1,
    truncation: "disabled",
    usage,
    user: null,
  };
}
