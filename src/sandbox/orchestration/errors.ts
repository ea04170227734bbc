/** Refusals of the service. They repeat the prompt, as the real ones do: what the proxy tells of them must not. */
import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../hub/json.ts";
import { json, type PlainAnswer } from "../answer.ts";
import { Refusal } from "../refusal.ts";

/** A refusal after the prompt was put together. */
export class PromptRefusal extends Refusal {
  readonly templating: Json;

  constructor(message: string, templating: Json, status = 400) {
    super(message, status);
    this.templating = templating;
  }
}

/** `message` begins with the location, as in `Request Body: …`. */
export function orchestrationError(status: number, message: string, templating?: Json): PlainAnswer {
  const error: JsonObject = {
    request_id: randomUUID(),
    code: status,
    message: `${status} - ${message}`,
    location: /^([\w -]+):/.exec(message)?.[1] ?? "LLM Module",
    ...(templating !== undefined && { intermediate_results: { templating } }),
  };
  return json(status, { error });
}
