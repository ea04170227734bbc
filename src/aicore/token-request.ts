import type { Credentials } from "../config/credentials.ts";
import { ApiError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import type { Network } from "./network.ts";
import { type GrantedToken, readTokenAnswer } from "./token-answer.ts";
import { send } from "./transport.ts";

const TIMEOUT = 30_000;
const ANSWER_LIMIT = 1024 * 1024;
const TRIES = 3;
const FIRST_PAUSE = 300;
/** What another try may cure; never the credentials, never a timeout, which took long enough. */
const TRANSIENT = new Set(["unreachable", "connection_reset", "dns_error", "token_service_error"]);

/**
 * Asks XSUAA for a token, up to three times with pauses of 0.3 and 0.6 s (the policy of SAP's own SDK, shortened).
 * Throws what `readTokenAnswer` does, and the errors of the transport with origin "token".
 */
export async function requestToken(
  credentials: Credentials,
  network: Network,
  clock: Clock,
): Promise<GrantedToken> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(credentials, network, clock);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (attempt === TRIES || !TRANSIENT.has(error.reason ?? "")) throw asTokenError(error);
      await clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }
}

async function askOnce(credentials: Credentials, network: Network, clock: Clock): Promise<GrantedToken> {
  const answer = await send(network, {
    url: credentials.tokenUrl,
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
      "accept-encoding": "identity",
    },
    body: formOf(credentials),
    headersTimeout: TIMEOUT,
    bodyTimeout: TIMEOUT,
  });
  return readTokenAnswer(answer, await answer.body.text(ANSWER_LIMIT), clock.now());
}

/** The form spelling, as in SAP's Python SDK: no questions about encoding the `!` and `|` of client ids in Basic. */
function formOf({ clientId, secret }: Credentials): string {
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    ...(secret.kind === "secret" && { client_secret: secret.clientSecret }),
  }).toString();
}

function asTokenError(error: ApiError): ApiError {
  if (error.origin === "token") return error;
  return new ApiError(error.status, `No token from SAP: ${error.message}`, {
    origin: "token",
    cause: error,
    ...(error.reason && { reason: error.reason }),
    ...(error.hint && { hint: error.hint }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  });
}
