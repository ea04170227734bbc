/** A proxy that cannot serve: what goes wrong after its address was told has no other place to be told. */
import { AicoreError, ApiError } from "../errors.ts";
import type { AcceptedKey } from "../keys/api-key.ts";
import type { Logger } from "../log.ts";
import { asApiError, openExchange, sendError } from "./exchange.ts";
import { addressesOf } from "./guard/addresses.ts";
import { admit, type GuardOptions } from "./guard/guard.ts";
import { createKeyRing } from "./guard/keys.ts";
import { createFailureLimiter } from "./guard/limiter.ts";
import type { BoundPort } from "./port.ts";

/** Answers every request on the port with the reason, in the words of its dialect, once the guard has let it in. */
export function refuseAll(
  bound: BoundPort,
  keys: readonly AcceptedKey[],
  reason: unknown,
  log: Logger,
): void {
  const guard: GuardOptions = {
    addresses: addressesOf(bound.host, bound.port),
    keys: createKeyRing(keys),
    limiter: createFailureLimiter(),
  };
  const refusal = refusalFor(reason);
  bound.serve({
    request(request, response) {
      const exchange = openExchange(request, response);
      try {
        admit(request, false, guard);
        sendError(exchange, refusal, log);
      } catch (error) {
        sendError(exchange, error, log);
      }
    },
    upgrade: (_request, socket) => void socket.destroy(),
  });
}

/** 401 where it is about credentials or settings: a status that no client repeats. */
function refusalFor(reason: unknown): ApiError {
  if (reason instanceof ApiError || !(reason instanceof AicoreError)) return asApiError(reason);
  const { code, message, hint } = reason;
  return new ApiError(401, message, { reason: code, ...(hint !== undefined && { hint }) });
}
