import type { JsonObject } from "../../hub/json.ts";
import type { HubRequest } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";
import { encodeEffort } from "../openai/effort.ts";
import { encodeItems, instructionOf } from "./encode-items.ts";
import { encodeVendor } from "./parameters.ts";
import { encodeTextFormat } from "./text-format.ts";
import { encodeToolChoice } from "./tool-choice.ts";
import { encodeTools } from "./tools.ts";

/** A hub request for a host that speaks Responses. Nothing is stored there: the history comes with each request. */
export function encodeRequest(request: HubRequest, target: Target): JsonObject {
  const { max_tokens, temperature, top_p } = request;
  const instructions = instructionOf(request.system);
  const tools = encodeTools(request, target);
  const text = encodeText(request);
  return {
    model: target.model,
    ...(instructions !== "" && { instructions }),
    input: encodeItems(request.messages, target),
    ...(tools.length > 0 && { tools }),
    ...encodeToolChoice(
      request.tool_choice,
      tools.map(({ name = null }) => name),
    ),
    ...(max_tokens !== undefined && { max_output_tokens: max_tokens }),
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    ...encodeThinking(request),
    ...(Object.keys(text).length > 0 && { text }),
    ...encodeVendor(request, target),
    store: false,
    ...(request.stream && { stream: true }),
  };
}

/** Who asks for thinking gets it told, and sealed, so that the next turn can go on from it. */
function encodeThinking(request: HubRequest): JsonObject {
  const effort = encodeEffort(request);
  if (effort === "none") return { reasoning: { effort } };
  const thinks = request.thinking !== undefined || effort !== undefined;
  if (!thinks) return {};
  return {
    reasoning: { ...(effort !== undefined && { effort }), summary: "auto" },
    include: ["reasoning.encrypted_content"],
  };
}

function encodeText({ output_config, vendor }: HubRequest): JsonObject {
  const format = encodeTextFormat(output_config?.format);
  const verbosity = vendor?.openai?.verbosity;
  return { ...(format && { format }), ...(verbosity !== undefined && { verbosity }) };
}
