import type { JsonObject } from "../../hub/json.ts";
import { inCamelCase } from "../../hub/proto-names.ts";
import { dropFields } from "../learned-fields.ts";
import type { Call } from "../types.ts";
import { prepareContents } from "./contents.ts";
import { keepKnownFields } from "./fields.ts";
import { clampLimits } from "./limits.ts";
import { cleanSystem } from "./system.ts";
import { fitThinking } from "./thinking.ts";
import { cleanTools } from "./tools.ts";

/** One change that the upstream needs: the body itself when it needs none. Never mutates. */
type Step = (body: JsonObject, call: Call) => JsonObject;

const STEPS: readonly Step[] = [
  inCamelCase, // the other steps know one spelling only
  keepKnownFields,
  cleanSystem,
  prepareContents,
  cleanTools,
  clampLimits,
  fitThinking,
  dropFields, // last: what this deployment refused goes, whoever put it there
];

/**
 * A Gemini request as Vertex on SAP AI Core accepts it. Untouched members keep their identity.
 * @throws ApiError 400 when nothing is left to ask
 */
export function prepare(body: JsonObject, call: Call): JsonObject {
  return STEPS.reduce((prepared, step) => step(prepared, call), body);
}
