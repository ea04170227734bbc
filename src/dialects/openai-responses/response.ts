import type { Json, JsonObject } from "../../hub/json.ts";
import type { HubRequest } from "../../hub/messages.ts";
import { encodeEffort } from "../openai/effort.ts";
import { encodeTextFormat } from "./text-format.ts";
import { echoToolChoice } from "./tool-choice.ts";
import { echoTools } from "./tools.ts";

export interface ResponseHead {
  id: string;
  model: string;
  /** Seconds since 1970. */
  created: number;
}

/** The response object as it is when nothing is told yet: what clients read of it tells the request back. */
export function openResponse(request: HubRequest, { id, model, created }: ResponseHead): JsonObject {
  const { tools = [], tool_choice: choice, vendor: { openai = {} } = {} } = request;
  return {
    id,
    object: "response",
    created_at: created,
    status: "in_progress",
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: request.max_tokens ?? null,
    max_tool_calls: null,
    metadata: openai.metadata ?? {},
    model,
    output: [],
    parallel_tool_calls: !(choice && choice.type !== "none" && choice.disable_parallel_tool_use === true),
    previous_response_id: null,
    prompt_cache_key: openai.prompt_cache_key ?? null,
    reasoning: { effort: encodeEffort(request) ?? null, summary: null },
    safety_identifier: openai.safety_identifier ?? null,
    service_tier: "default",
    store: false,
    temperature: request.temperature ?? 1,
    text: {
      format: encodeTextFormat(request.output_config?.format) ?? { type: "text" },
      verbosity: openai.verbosity ?? "medium",
    },
    tool_choice: echoToolChoice(choice, tools),
    tools: echoTools(tools),
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: "disabled",
    usage: null,
    user: openai.user ?? null,
  };
}

/** What has changed when all is told. */
export interface Ending {
  status: Json;
  incomplete_details: Json;
  completed_at: Json;
  output: JsonObject[];
  usage: JsonObject;
}

export function closeResponse(response: JsonObject, ending: Ending): JsonObject {
  return { ...response, ...ending };
}
