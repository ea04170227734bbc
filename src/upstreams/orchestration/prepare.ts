import type { JsonObject } from "../../hub/json.ts";
import { dropSampling } from "../azure-openai/sampling.ts";
import { convertLegacyFunctions } from "../openai-compatible/legacy-functions.ts";
import { fitMistral } from "../openai-compatible/mistral.ts";
import type { Call } from "../types.ts";
import { markCacheBreakpoints } from "./cache-control.ts";
import { dropLearned } from "./learn.ts";
import { cleanMessages } from "./messages.ts";
import { fitParameters } from "./parameters.ts";
import { forceStructuredAnswer } from "./structured-request.ts";
import { fitThinking } from "./thinking.ts";
import { fitTools } from "./tools.ts";
import { wrap } from "./wrap.ts";

type Step = (body: JsonObject, call: Call) => JsonObject;

const STEPS: readonly Step[] = [
  convertLegacyFunctions, // adds tools
  forceStructuredAnswer, // adds a tool and a choice
  cleanMessages,
  fitTools,
  (body, call) => (call.capabilities.family === "mistral" ? fitMistral(body) : body),
  fitThinking, // needs the choice that is left
  dropSampling,
  fitParameters,
  markCacheBreakpoints,
  dropLearned, // last: what the service refused for this model goes, whoever put it there
];

/**
 * A chat request as the service's version 2 takes it.
 * @throws ApiError 400 for an image that would have to be fetched.
 */
export function prepare(body: JsonObject, call: Call): JsonObject {
  return wrap(
    STEPS.reduce((prepared, step) => step(prepared, call), body),
    call,
  );
}
