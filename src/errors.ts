/**
 * Every error that a user may see. Each carries a stable `code`, a message that names the culprit,
 * and, where there is something to do, a `hint` that says what.
 */
export interface ErrorOptions {
  /** What the user can do next: one sentence, a command where possible. */
  hint?: string;
  cause?: unknown;
}

/** The base class. `exitCode` is what a command ends with (DESIGN: 1 unexpected … 7 keychain). */
export class AicoreError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number = 1;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
  }
}

/** The command line was wrong. */
export class UsageError extends AicoreError {
  override readonly exitCode: number = 2;
}

/** A setting, a settings file or an environment variable is wrong. */
export class ConfigError extends AicoreError {
  override readonly exitCode: number = 3;
}

/** Credentials are missing, malformed, refused by SAP, or not safe to use. */
export class CredentialsError extends AicoreError {
  override readonly exitCode: number = 4;
}

/** The port is taken or may not be bound. */
export class PortError extends AicoreError {
  override readonly exitCode: number = 6;
}

/** The system keychain is absent, locked, silent, or its module is missing. */
export class KeychainError extends AicoreError {
  override readonly exitCode: number = 7;
}

/** The user pressed Ctrl-C. */
export class InterruptedError extends AicoreError {
  override readonly exitCode: number = 130;

  /** @param hint what goes on all the same, and how to look at it. */
  constructor(hint?: string) {
    super("interrupted", "Interrupted.", hint === undefined ? {} : { hint });
  }
}

/** What kind of failure an API answer tells of, in the words of the Messages API. */
export type ErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "not_found_error"
  | "request_too_large"
  | "rate_limit_error"
  | "timeout_error"
  | "overloaded_error"
  | "api_error";

/** Who made the error: the model's host, this program, or the token service (XSUAA). */
export type ErrorOrigin = "upstream" | "aicore" | "token";

export interface ApiErrorOptions extends ErrorOptions {
  /** Default: derived from the status by `errorTypeOf`. */
  type?: ErrorType;
  /** Default: "aicore". */
  origin?: ErrorOrigin;
  /** Seconds, from a `Retry-After` header or a rule of ours. */
  retryAfter?: number;
  /** A machine-readable reason beside the type, such as "model_not_found". */
  reason?: string;
  /** Goes into the error body as `details` where the dialect has a place for it. */
  details?: Record<string, unknown>;
  /** The request id that the upstream gave. */
  upstreamRequestId?: string;
}

/**
 * A failure with an HTTP status: what an upstream answered, or what the proxy answers to its client.
 * Dialects turn it into their own body; commands print it and exit with 5.
 */
export class ApiError extends AicoreError {
  override readonly exitCode: number = 5;
  readonly status: number;
  readonly type: ErrorType;
  readonly origin: ErrorOrigin;
  readonly retryAfter: number | undefined;
  readonly reason: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly upstreamRequestId: string | undefined;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super(options.reason ?? `http_${status}`, message, options);
    this.status = status;
    this.type = options.type ?? errorTypeOf(status);
    this.origin = options.origin ?? "aicore";
    this.retryAfter = options.retryAfter;
    this.reason = options.reason;
    this.details = options.details;
    this.upstreamRequestId = options.upstreamRequestId;
  }

  /** The same failure with something added. */
  with(added: ApiErrorOptions): ApiError {
    const { type, origin, retryAfter, reason, details, upstreamRequestId, hint, cause } = this;
    const known = { type, origin, retryAfter, reason, details, upstreamRequestId, hint, cause, ...added };
    const options = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
    return new ApiError(this.status, this.message, options as ApiErrorOptions);
  }
}

/** The type of the Messages API that fits a status (Anthropic's published error table; 503 reads as overloaded). */
export function errorTypeOf(status: number): ErrorType {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 408:
    case 504:
      return "timeout_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
    case 529:
      return "overloaded_error";
    default:
      return status >= 400 && status < 500 ? "invalid_request_error" : "api_error";
  }
}

/** A 400 in the words of the API: the message begins with the path of the field, as in `model: Field required`. */
export function invalidRequest(message: string): ApiError {
  return new ApiError(400, message);
}

/**
 * The sentence for an API client. Our own errors say what to do next; an upstream's text stays as it came, because
 * clients key on its words (Claude Code repairs its request by them, clients.md 1.5).
 */
export function messageFor(error: ApiError): string {
  return error.origin === "upstream" || error.hint === undefined
    ? error.message
    : `${error.message} ${error.hint}`;
}

/** Any thrown value as an `AicoreError`; a stranger becomes "unexpected" and keeps its cause. */
export function asAicoreError(error: unknown): AicoreError {
  if (error instanceof AicoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AicoreError("unexpected", message, { cause: error });
}
