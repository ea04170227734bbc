import type { JsonObject } from "../../hub/json.ts";
import type { Call } from "../types.ts";
import { filterBetas } from "./betas.ts";
import { limitBreakpoints } from "./breakpoints.ts";
import { keepKnownFields } from "./fields.ts";
import { dropLearnedFields } from "./learned.ts";
import { clampMaxTokens } from "./limits.ts";
import { prepareMessages } from "./messages.ts";
import { fitEffort } from "./output-config.ts";
import { dropUnsupportedSampling } from "./sampling.ts";
import { forceStructuredOutput } from "./structured-request.ts";
import { cleanSystem } from "./system.ts";
import { fitThinking } from "./thinking.ts";
import { fitToolChoice } from "./tool-choice.ts";
import { cleanTools } from "./tools.ts";

/** One change that the upstream needs: the body itself when it needs none. Never mutates. */
type Step = (body: JsonObject, call: Call) => JsonObject;

/**
 * Everything Bedrock needs changed in a Messages request, in this order. It matters where a step reads what
 * another one wrote; the reason stands beside it.
 */
const STEPS: readonly Step[] = [
  forceStructuredOutput, // reads `output_format`, which keepKnownFields drops; adds a tool and a choice
  filterBetas, // reads `betas`, which keepKnownFields drops
  keepKnownFields,
  cleanSystem,
  prepareMessages,
  cleanTools,
  fitToolChoice, // needs the tools that are left
  clampMaxTokens,
  fitThinking, // needs the choice, max_tokens and the history as they will be sent; may set an effort
  fitEffort, // after fitThinking, which reads the effort and may write it
  dropUnsupportedSampling, // depends on whether thinking is still on
  limitBreakpoints, // counts the marks that survived
  dropLearnedFields, // last: what this deployment refused goes, whoever put it there
];

/** The request as Claude on SAP AI Core accepts it. Untouched members keep their identity. */
export function prepare(body: JsonObject, call: Call): JsonObject {
  return STEPS.reduce((prepared, step) => step(prepared, call), body);
}
