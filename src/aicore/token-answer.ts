import { ApiError, type ApiErrorOptions } from "../errors.ts";
import { parseObject } from "../hub/json.ts";
import type { Answer } from "./answer.ts";
import { parseErrorBody } from "./error-body.ts";
import { presentable } from "./error-text.ts";
import { hintFor } from "./hints.ts";
import { retryAfterOf } from "./retry-after.ts";

/** A token as XSUAA gave it. */
export interface GrantedToken {
  token: string;
  /** Milliseconds. */
  lifetime: number;
}

/**
 * SAP refused the credentials themselves. An `ApiError` (401, origin "token", reason "invalid_credentials") for the
 * proxy's clients, and exit code 4 for commands.
 */
export class CredentialsRefusedError extends ApiError {
  override readonly exitCode: number = 4;

  constructor(words: string) {
    super(401, `SAP refused the credentials: ${words}`, {
      origin: "token",
      reason: "invalid_credentials",
      hint: hintFor(401, words) ?? "Run `aicore login` with a current service key.",
    });
  }
}

const DEFAULT_LIFETIME = 3600;
/** A longer lifetime is not believed; asking once a day costs nothing. */
const LONGEST_LIFETIME = 86_400;
const DEFAULT_WAIT = 1;
/** RFC 6749, 5.2: with status 400 these too mean that the client is not accepted. */
const REFUSALS = ["invalid_client", "unauthorized_client", "unauthorized", "invalid_grant"];

/**
 * Reads what the token endpoint answered.
 * @throws CredentialsRefusedError when it is the credentials; ApiError with origin "token" and a `reason`:
 * "token_throttled" (503 with `retryAfter`), "token_url_wrong", "token_service_error", "bad_token_answer" (all 502).
 */
export function readTokenAnswer(
  answer: Pick<Answer, "status" | "headers">,
  text: string,
  now: number,
): GrantedToken {
  const { status, headers } = answer;
  if (status === 200) return granted(text);
  const body = parseErrorBody(text);
  // The words of any status are masked as those of a 5xx: this answer stands next to the secret.
  const words = presentable(body.message ?? "", 500) || `status ${status}`;
  const retryAfter = retryAfterOf(headers, now);
  if (
    status === 401 ||
    status === 403 ||
    (status === 400 && REFUSALS.some((code) => words.startsWith(code)))
  ) {
    throw new CredentialsRefusedError(words);
  }
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    throw new ApiError(503, `SAP's token service asks to wait: ${words}`, {
      origin: "token",
      reason: "token_throttled",
      retryAfter: retryAfter ?? DEFAULT_WAIT,
    });
  }
  if (status === 404) {
    throw failure("token_url_wrong", `There is no token service at the service key's \`url\`: ${words}`, {
      hint: "The subdomain in `url` is wrong or the sub-account is gone: create a new service key and run `aicore login`.",
    });
  }
  if (status >= 500)
    throw failure("token_service_error", `SAP's token service failed with ${status}: ${words}`);
  const hint = hintFor(status, words);
  throw failure("bad_token_answer", `SAP's token service answered ${status}: ${words}`, hint ? { hint } : {});
}

function granted(text: string): GrantedToken {
  const json = parseObject(text);
  const token = json?.access_token;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw failure("bad_token_answer", "SAP's token service answered 200, but without a token.", {
      hint: "A company proxy or a login page may answer in its place: check `url` of the service key and HTTPS_PROXY.",
    });
  }
  const told = Number(json?.expires_in);
  const seconds = told > 0 ? Math.min(told, LONGEST_LIFETIME) : DEFAULT_LIFETIME;
  return { token, lifetime: seconds * 1000 };
}

function failure(reason: string, message: string, options: ApiErrorOptions = {}): ApiError {
  return new ApiError(502, message, { origin: "token", reason, ...options });
}
