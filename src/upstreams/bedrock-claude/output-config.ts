import { isObject, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { thinkingStyle } from "./thinking.ts";

const KEYS: ReadonlySet<string> = new Set(["effort"]);

/**
 * Of `output_config` only the effort passes, and only on models that think adaptively; `format` on 4.5 is a
 * ValidationException (protocol.md 4a.3 and 10; DESIGN 8) and has become a tool by now.
 */
export function fitEffort(body: JsonObject, call: Call): JsonObject {
  const config = body.output_config;
  if (config === undefined) return body;
  const style = thinkingStyle(call);
  const takesEffort = style === "adaptive" || style === "both";
  const effort = takesEffort && isObject(config) ? onlyMembers(config, KEYS) : {};
  return withMember(body, "output_config", effort.effort === undefined ? undefined : effort);
}
