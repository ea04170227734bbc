import type { HubUsage } from "../hub/messages.ts";
import type { RequestBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarded } from "./forward.ts";

/** Notes what a completed request cost: in the log, and for the estimate behind count_tokens. */
export function recordUsage(
  exchange: Exchange,
  { log, estimator }: ProxyContext,
  body: RequestBody,
  { plan: { call }, deployment, attempts }: Forwarded,
  usage: HubUsage,
): void {
  const prompt = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
  estimator.observe(call.model, body.json, prompt);
  log.debug("answered", {
    request: exchange.id,
    model: call.model,
    deployment: deployment.id,
    attempts,
    input: usage.input_tokens,
    cache_read: usage.cache_read_input_tokens,
    cache_write: usage.cache_creation_input_tokens,
    output: usage.output_tokens,
    ms: Date.now() - exchange.arrivedAt,
  });
}
