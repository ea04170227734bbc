/** SAP's orchestration service: one deployment that reaches every model of the tenant's catalogue (protocol 4f). */
import { inTurn } from "../openai-compatible/answer-translation.ts";
import { restoreLegacyFunctions } from "../openai-compatible/legacy-functions.ts";
import { hideUsage } from "../openai-compatible/stream-usage.ts";
import type { Upstream } from "../types.ts";
import { cleanAnswer, cleanEvent } from "./answer.ts";
import { readStreamError } from "./errors.ts";
import { latchToolCalls } from "./latch.ts";
import { learn } from "./learn.ts";
import { prepare } from "./prepare.ts";
import { restoreStructuredAnswer } from "./structured-answer.ts";
import { tellUsageApart } from "./usage.ts";

export const orchestration: Upstream = {
  name: "orchestration",
  dialect: "openai-chat",
  serves: ({ executable, model }) => executable === "orchestration" && model === undefined,
  path: () => "/v2/completion",
  prepare,
  learn,
  readStreamError,
  cleanEvent,
  cleanAnswer,
  translation: (body) =>
    inTurn(
      restoreStructuredAnswer(body), // before the latch, which must not see the tool that was only ours
      latchToolCalls(),
      restoreLegacyFunctions(body),
      tellUsageApart(),
      hideUsage(body),
    ),
};
