import type { Json, JsonObject } from "../../hub/json.ts";
import type { HubRequest } from "../../hub/messages.ts";
import { decodeEffort } from "../openai/effort.ts";
import { readChatCall } from "./check-request.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeVendor } from "./parameters.ts";
import { decodeResponseFormat } from "./response-format.ts";
import { decodeToolChoice } from "./tool-choice.ts";
import { decodeTools } from "./tools.ts";
import type { ChatMessage } from "./wire.ts";

/**
 * A chat request in the hub's words. A null is a missing field, as some SDKs write it.
 * @throws ApiError 400 naming the field.
 */
export function decodeRequest(body: JsonObject, note: (text: string) => void): HubRequest {
  const { model, stream } = readChatCall(body);
  const { system, messages } = decodeMessages(body.messages as unknown as ChatMessage[], note);
  const limit = body.max_completion_tokens ?? body.max_tokens;
  const stop = decodeStop(body.stop);
  const effort = decodeEffort(body.reasoning_effort);
  const format = decodeResponseFormat(body.response_format);
  const output = { ...effort.output_config, ...(format && { format }) };
  return {
    model,
    ...(stream && { stream }),
    ...(typeof limit === "number" && { max_tokens: limit }),
    ...(system.length > 0 && { system }),
    messages,
    ...decodeToolChoice(body, decodeTools(body, note)),
    ...numberMember(body, "temperature"),
    ...numberMember(body, "top_p"),
    ...numberMember(body, "top_k"),
    ...(stop.length > 0 && { stop_sequences: stop }),
    ...(effort.thinking && { thinking: effort.thinking }),
    ...(Object.keys(output).length > 0 && { output_config: output }),
    ...decodeVendor(body, note),
  };
}

function decodeStop(stop: Json | undefined): string[] {
  return [stop ?? []].flat().filter((text): text is string => typeof text === "string" && text !== "");
}

function numberMember<Key extends string>(body: JsonObject, key: Key): { [K in Key]?: number } {
  const value = body[key];
  return (typeof value === "number" ? { [key]: value } : {}) as { [K in Key]?: number };
}
