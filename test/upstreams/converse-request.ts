/** Messages requests for Nova, and what `prepare` makes of them; every outcome has to be accepted by the sandbox. */
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { checkRequest } from "../../src/sandbox/converse/request.ts";
import { NOVA_MODELS } from "../../src/sandbox/models.ts";
import { bedrockConverse } from "../../src/upstreams/bedrock-converse/index.ts";
import { callFor, frozen, type TestCall } from "./request.ts";

export const NOVA = "amazon--nova-pro";
export const MICRO = "amazon--nova-micro";

export const HELLO: JsonObject = { role: "user", content: "Hello." };

export function prepared(
  change: Record<string, Json>,
  call: TestCall = callFor(NOVA),
): { body: JsonObject; notes: string[] } {
  const given = frozen({ max_tokens: 100, messages: [HELLO], ...change });
  const body = bedrockConverse.prepare(given, call);
  const rules = NOVA_MODELS[call.model];
  if (rules) checkRequest(body, rules);
  return { body, notes: call.notes };
}
