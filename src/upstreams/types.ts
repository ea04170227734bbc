import type { ApiError, ErrorType } from "../errors.ts";
import type { Capabilities } from "../hub/capabilities.ts";
import type { JsonObject } from "../hub/json.ts";
import type { WireName } from "../hub/wire.ts";

/** What an upstream must know of a request beside its body. */
export interface Call {
  /** SAP's name of the model, such as `anthropic--claude-4.6-opus`. */
  model: string;
  stream: boolean;
  capabilities: Capabilities;
  /** What the client asked for in `anthropic-beta` headers and body betas, in its order, not yet filtered. */
  betas: readonly string[];
  /** Keys that `learn` gave for this deployment: what it refused before. */
  learned: ReadonlySet<string>;
  /** Tells the user, once in the log, what was taken from the request. A text is the same each time. */
  note(text: string): void;
}

/** A host that speaks one of the dialects: its path, and what its flavour of the dialect refuses. */
export interface Upstream {
  readonly name: string;
  readonly dialect: WireName;
  serves(deployment: { executable: string; model: string | undefined }): boolean;
  /** The path below the deployment's url. */
  path(call: Call): string;
  /** The `Accept` to ask with, where another form of the answer than the host's usual one is wanted. */
  accept?(call: Call): string | undefined;
  /**
   * The body as this upstream accepts it. Copy-on-write: what needs no change is returned by reference at
   * every level, so the caller can send the original bytes of each member that kept its identity.
   * @throws ApiError 400 for what cannot be sent at all, naming the path.
   */
  prepare(body: JsonObject, call: Call): JsonObject;
  /** A key for `Call.learned` with which `prepare` avoids this refusal; undefined when there is none. */
  learn(status: number, message: string, call: Call): string | undefined;
  /** A refusal in the words that clients of the dialect act on; `tokens` is the prompt's estimated length. */
  explain?(error: ApiError, call: Call, tokens: number): ApiError;
  /** The failure that an event of a stream tells of after its 200, or undefined. */
  readStreamError(event: JsonObject): StreamError | undefined;
  /** An event as the dialect knows it, without what only this host adds; undefined when nothing is left of it. */
  cleanEvent(event: JsonObject): JsonObject | undefined;
  /** The same for a whole answer. */
  cleanAnswer(answer: JsonObject): JsonObject;
  /** Whether a native request asks for what this upstream cannot do and another one of the model can. */
  cannot?(body: JsonObject, model: string): boolean;
  /**
   * How to turn the answer back, where `prepare` asks in another form than the client did (a forced tool for
   * structured output). Undefined for every other request: then content passes unread.
   */
  translation(body: JsonObject): AnswerTranslation | undefined;
}

/** A failure inside a stream; `status` is what it would have been before the 200. */
export interface StreamError {
  type: ErrorType;
  message: string;
  status: number;
  /** The host's own word for it, such as `context_length_exceeded`: clients act on it. */
  reason?: string;
}

/** For one answer; `event` keeps state between the events of its stream. */
export interface AnswerTranslation {
  message(message: JsonObject): JsonObject;
  event(event: JsonObject): readonly JsonObject[];
  /** The upstream has ended: what was held back for a later event that did not come. */
  end?(): readonly JsonObject[];
}
