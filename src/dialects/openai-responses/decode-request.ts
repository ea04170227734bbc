import { ApiError, invalidRequest } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest } from "../../hub/messages.ts";
import { decodeEffort } from "../openai/effort.ts";
import { readResponsesCall } from "./check-request.ts";
import { decodeInput } from "./decode-items.ts";
import { decodeVendor } from "./parameters.ts";
import { decodeTextFormat } from "./text-format.ts";
import { decodeToolChoice } from "./tool-choice.ts";
import { decodeTools } from "./tools.ts";

/**
 * A Responses request in the hub's words. A null is a missing field.
 * @throws ApiError 400 naming the field; also for a conversation that OpenAI would have to have stored, without which
 *   the model would answer to a part of it.
 */
export function decodeRequest(body: JsonObject, note: (text: string) => void): HubRequest {
  const { model, stream } = readResponsesCall(body);
  refuseStored(body, model);
  const declared = decodeTools(body, note);
  const { system, messages } = decodeInput(body, { nameOf: declared.nameOf, note });
  if (messages.length === 0) throw invalidRequest("input: at least one message is required");
  const effort = decodeReasoningEffort(body.reasoning);
  const format = decodeTextFormat(body.text);
  const output = { ...effort.output_config, ...(format && { format }) };
  return {
    model,
    ...(stream && { stream }),
    ...(typeof body.max_output_tokens === "number" && { max_tokens: body.max_output_tokens }),
    ...(system.length > 0 && { system }),
    messages,
    ...decodeToolChoice(body, declared),
    ...(typeof body.temperature === "number" && { temperature: body.temperature }),
    ...(typeof body.top_p === "number" && { top_p: body.top_p }),
    ...(effort.thinking && { thinking: effort.thinking }),
    ...(Object.keys(output).length > 0 && { output_config: output }),
    ...decodeVendor(body, note),
  };
}

/** Who asks for a summary of the reasoning wants the model to reason, as much as it sees fit. */
function decodeReasoningEffort(reasoning: Json | undefined): Pick<HubRequest, "thinking" | "output_config"> {
  if (!isObject(reasoning)) return {};
  const effort = decodeEffort(reasoning.effort);
  const summary = reasoning.summary ?? reasoning.generate_summary ?? null;
  return effort.thinking || summary === null || summary === "none"
    ? effort
    : { thinking: { type: "adaptive" } };
}

const STORED: readonly string[] = ["previous_response_id", "conversation"];

function refuseStored(body: JsonObject, model: string): void {
  const field = STORED.find((key) => (body[key] ?? null) !== null);
  if (field === undefined) return;
  throw new ApiError(400, `${field}: '${model}' does not store responses here.`, {
    reason: "unsupported_parameter",
    hint: "Send the whole conversation as input.",
  });
}
