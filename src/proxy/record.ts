import type { HubUsage } from "../hub/messages.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarded } from "./forward.ts";

/** Notes what a completed request cost: in the log, and for the estimate behind count_tokens. */
export function recordUsage(
  exchange: Exchange,
  { log, estimator }: ProxyContext,
  { plan: { call, messages }, deployment, attempts }: Forwarded,
  usage: HubUsage,
): void {
  const prompt = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
  const asked = messages();
  if (asked) estimator.observe(call.model, asked, prompt);
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
