/**
 * The keys under which a deployment's refusals are remembered, and what they take out of a request:
 * `beta:*` every flag that is not core, `beta:<flag>` one flag, `field:<path>` one field, its indexes written `*`,
 * `thinking:<style>` the way of thinking that the deployment does take.
 */
import type { JsonObject } from "../../hub/json.ts";
import { dropFields, FIELD } from "../learned-fields.ts";
import type { Call } from "../types.ts";

export const ALL_BETAS = "beta:*";

export const betaKey = (flag: string): string => `beta:${flag}`;
export const thinkingKey = (style: "budget" | "adaptive"): string => `thinking:${style}`;
export const fieldKey = (path: string): string => `${FIELD}${path.replace(/(?<=^|\.)\d+(?=\.|$)/g, "*")}`;

/** Drops the fields that this deployment refused before. */
export function dropLearnedFields(body: JsonObject, call: Call): JsonObject {
  return dropFields(body, call, isVariant);
}

/**
 * The paths are those of Bedrock's messages, which name the variant beside the member: in `tools.0.custom.strict` and
 * `system.1.cache_control.ephemeral.scope` the words `custom` and `ephemeral` are values of `type`, not members. A tool
 * that has no `type` is a custom one.
 */
function isVariant(value: JsonObject, segment: string): boolean {
  return value.type === segment || (segment === "custom" && value.type === undefined);
}
