import type { ErrorType } from "../errors.ts";
import type { Capabilities } from "../hub/capabilities.ts";
import type { JsonObject } from "../hub/json.ts";

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
  readonly dialect: "anthropic";
  serves(deployment: { executable: string; model: string | undefined }): boolean;
  /** The path below the deployment's url. */
  path(call: Call): string;
  /**
   * The body as this upstream accepts it. Copy-on-write: what needs no change is returned by reference at
   * every level, so the caller can send the original bytes of each member that kept its identity.
   * @throws ApiError 400 for what cannot be sent at all, naming the path.
   */
  prepare(body: JsonObject, call: Call): JsonObject;
  /** A key for `Call.learned` with which `prepare` avoids this refusal; undefined when there is none. */
  learn(status: number, message: string, call: Call): string | undefined;
  /** The failure that an event of a stream tells of after its 200, or undefined. */
  readStreamError(event: JsonObject): StreamError | undefined;
  /** An event as the dialect knows it, without what only this host adds. */
  cleanEvent(event: JsonObject): JsonObject;
  /** A stop reason of the host as one of the dialect's. */
  stopReason(reason: string): string;
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
}

/** For one answer; `event` keeps state between the events of its stream. */
export interface AnswerTranslation {
  message(message: JsonObject): JsonObject;
  event(event: JsonObject): readonly JsonObject[];
}
