/** What the providers behind the service refuse (protocol 4f.2, live on SAIL). The sandbox's own table. */
import type { Json, JsonObject } from "../../hub/json.ts";
import { sign } from "../claude/signature.ts";
import { PromptRefusal } from "./errors.ts";
import type { OrchestratedMessage } from "./request.ts";

interface Provider {
  names: RegExp;
  provider: string;
  refuses: readonly string[];
  fetches?: true;
}

const PENALTIES = ["frequency_penalty", "presence_penalty", "seed", "n", "logprobs", "logit_bias", "user"];

const PROVIDERS: readonly Provider[] = [
  { names: /^anthropic--/, provider: "anthropic", refuses: ["response_format", "top_k", ...PENALTIES] },
  {
    names: /^amazon--/,
    provider: "amazon",
    refuses: ["response_format", "tool_choice", "reasoning_effort", "thinking", ...PENALTIES],
  },
  { names: /^gemini/, provider: "google", refuses: ["tool_choice", "thinking", "logit_bias", "user"] },
  {
    names: /^sonar/,
    provider: "perplexity",
    refuses: ["tools", "tool_choice", "response_format", "thinking", "reasoning_effort", "stop"],
  },
  {
    names: /^gpt-5/,
    provider: "openai",
    refuses: ["thinking", "output_config", "top_p", "max_tokens"],
    fetches: true,
  },
  { names: /^(gpt|o\d)/, provider: "openai", refuses: ["thinking", "output_config"], fetches: true },
  { names: /./, provider: "mistralai", refuses: ["thinking", "output_config", "logit_bias"] },
];

export interface Prompt {
  model: string;
  params: JsonObject;
  /** Members of the prompt beside the template: `tools`, `response_format`. */
  asked: JsonObject;
  messages: readonly OrchestratedMessage[];
}

/** Throws a Refusal that repeats the prompt. */
export function checkPrompt(prompt: Prompt): void {
  const { model, params, asked, messages } = prompt;
  const rules = PROVIDERS.find(({ names }) => names.test(model));
  const refuse = (message: string, status = 400): never => {
    throw new PromptRefusal(`LLM Module: ${message}`, messages as unknown as Json, status);
  };
  const sent = [...Object.keys(params), ...Object.keys(asked)];
  const wrong = sent.find((name) => rules?.refuses.includes(name));
  if (wrong !== undefined)
    refuse(`${rules?.provider} does not support parameters: ['${wrong}'], for model=${model}`);
  if (/^(anthropic--claude-4\.[78]|gpt-5)/.test(model) && (params.temperature ?? 1) !== 1)
    refuse(
      `${model} does not support temperature=${String(params.temperature)}. Only temperature=1 is supported.`,
    );
  if (params.tool_choice !== undefined && asked.tools === undefined)
    refuse("tool_choice is only allowed when tools are specified");
  if (model.startsWith("anthropic--") && params.temperature !== undefined && params.top_p !== undefined)
    refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
  for (const message of messages) checkMessage(message, rules, refuse);
  checkOrder(prompt, refuse);
}

type Refuse = (message: string, status?: number) => never;

function checkMessage(message: OrchestratedMessage, rules: Provider | undefined, refuse: Refuse): void {
  const { role, content, tool_calls = [], reasoning_content = [] } = message;
  if (role === "tool" && Array.isArray(content))
    refuse(`Tool message content must be a string for ${rules?.provider} harmonization. Received: list.`);
  for (const part of Array.isArray(content) ? content : []) {
    const { url = "" } = (part.image_url ?? {}) as { url?: string };
    if (part.type === "image_url" && !url.startsWith("data:") && rules?.fetches !== true)
      refuse("Only base64 data URLs are supported for images.");
  }
  for (const { function: called } of tool_calls) {
    try {
      JSON.parse(called.arguments);
    } catch {
      refuse("Internal Server Error", 500); // ai-sdk-js#1554
    }
  }
  if (reasoning_content.some(({ content: thought, signature }) => sign(thought) !== signature))
    refuse("messages: Invalid `signature` in `thinking` block");
}

/** Calls are answered by the very next messages; Mistral's ids have nine letters, and no system message follows a tool's. */
function checkOrder({ model, messages }: Prompt, refuse: Refuse): void {
  let open = new Set<string>();
  for (const [index, { role, tool_calls = [], tool_call_id = "" }] of messages.entries()) {
    if (role === "tool" && !open.delete(tool_call_id))
      refuse(`Unexpected tool call id ${tool_call_id} in tool results`);
    if (role !== "tool" && role !== "system" && open.size > 0)
      refuse("Not the same number of function calls and responses");
    if (role === "assistant") open = new Set(tool_calls.map(({ id }) => id));
    if (!model.startsWith("mistralai--")) continue;
    if (tool_calls.some(({ id }) => !/^[a-zA-Z0-9]{9}$/.test(id)))
      refuse("Tool call id has to be defined in a length of 9.");
    if (role === "system" && messages[index - 1]?.role === "tool")
      refuse("Unexpected role 'system' after role 'tool'");
  }
  if (open.size > 0) refuse("Not the same number of function calls and responses");
  const last = messages.at(-1)?.role;
  if (/^(sonar|mistralai--)/.test(model) && last !== "user" && last !== "tool")
    refuse("Last message must have role `user` or `tool`.");
}
