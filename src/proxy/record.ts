import type { RequestBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarded } from "./forward.ts";
import type { MessageUsage } from "./message-stream.ts";

/** Notes what a completed request cost: in the log, and for the estimate behind count_tokens. */
export function recordUsage(
  exchange: Exchange,
  { log, estimator }: ProxyContext,
  body: RequestBody,
  { call, deployment, attempts }: Forwarded,
  usage: MessageUsage,
): void {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  estimator.observe(call.model, body.json, prompt);
  log.debug("answered", {
    request: exchange.id,
    model: call.model,
    deployment: deployment.id,
    attempts,
    input: usage.input,
    cache_read: usage.cacheRead,
    cache_write: usage.cacheWrite,
    output: usage.output,
    ms: Date.now() - exchange.arrivedAt,
  });
}
