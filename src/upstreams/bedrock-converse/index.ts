/** Amazon Nova as SAP AI Core hosts it: Bedrock's Converse, which is Messages in other words (protocol.md 4a.8). */
import { readStreamError } from "../bedrock-claude/stream.ts";
import type { Upstream } from "../types.ts";
import { messageOf } from "./answer.ts";
import { learn } from "./learn.ts";
import { prepare } from "./prepare.ts";
import { converseTranslation } from "./translation.ts";

/**
 * Asked for by name, AWS's own framing comes through, whose events are JSON; without it SAP writes each event as
 * Python would (protocol.md 4a.7 and 4a.8). Can go when the SSE text is JSON.
 */
const EVENT_STREAM = "application/vnd.amazon.eventstream";

export const bedrockConverse: Upstream = {
  name: "bedrock-converse",
  dialect: "anthropic",
  serves: ({ executable, model }) =>
    executable === "aws-bedrock" && model?.startsWith("amazon--nova") === true,
  path: (call) => (call.stream ? "/converse-stream" : "/converse"),
  accept: (call) => (call.stream ? EVENT_STREAM : undefined),
  prepare,
  learn,
  readStreamError,
  cleanEvent: (event) => event,
  cleanAnswer: messageOf,
  translation: converseTranslation,
};
