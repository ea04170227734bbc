/** Claude as SAP AI Core hosts it: Bedrock's `invoke`, which speaks Anthropic Messages with stricter rules. */
import type { Upstream } from "../types.ts";
import { learn } from "./learn.ts";
import { prepare } from "./prepare.ts";
import { cleanAnswer, cleanEvent, readStreamError } from "./stream.ts";
import { structuredTranslation } from "./structured-answer.ts";
import { explainTooLong } from "./too-long.ts";

export const bedrockClaude: Upstream = {
  name: "bedrock-claude",
  dialect: "anthropic",
  serves: ({ executable, model }) =>
    executable === "aws-bedrock" && model?.startsWith("anthropic--") === true,
  path: (call) => (call.stream ? "/invoke-with-response-stream" : "/invoke"),
  prepare,
  learn,
  explain: explainTooLong,
  readStreamError,
  cleanEvent,
  cleanAnswer,
  translation: structuredTranslation,
};
