import type { JsonObject } from "../../hub/json.ts";
import type { HubRequest } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { encodeEffort } from "../openai/effort.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeVendor } from "./parameters.ts";
import { encodeResponseFormat } from "./response-format.ts";
import { encodeToolChoice } from "./tool-choice.ts";
import { encodeTool, encodeTools } from "./tools.ts";

/** The API takes four (OpenAI API reference, `stop`). */
const MOST_STOPS = 4;

/**
 * A hub request for a chat host, in the plain words that every such host knows; what one of them wants otherwise
 * (`max_completion_tokens`, no `tools`, other ids) its upstream changes.
 * @throws ApiError 400 for a document that would have to be fetched.
 */
export function encodeRequest(request: HubRequest, target: Target): JsonObject {
  const { max_tokens, temperature, top_p, stop_sequences = [], output_config } = request;
  const tools = encodeTools(request, target);
  const effort = encodeEffort(request);
  if (stop_sequences.length > MOST_STOPS) {
    target.note(`stop_sequences after the ${MOST_STOPS}th are left out: chat completions take no more`);
  }
  return {
    model: target.model,
    messages: encodeMessages(request, target),
    ...(tools.length > 0 && { tools: tools.map(encodeTool) }),
    ...encodeToolChoice(request.tool_choice, tools),
    ...(max_tokens !== undefined && { max_tokens }),
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    ...(stop_sequences.length > 0 && { stop: stop_sequences.slice(0, MOST_STOPS) }),
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...encodeResponseFormat(output_config?.format),
    ...encodeVendor(request, target),
    ...(request.stream && { stream: true, stream_options: { include_usage: true } }),
  };
}
