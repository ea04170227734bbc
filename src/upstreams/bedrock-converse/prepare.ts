import type { JsonObject } from "../../hub/json.ts";
import { limitBreakpoints } from "../bedrock-claude/breakpoints.ts";
import { dropLearnedFields } from "../bedrock-claude/learned.ts";
import { clampMaxTokens } from "../bedrock-claude/limits.ts";
import { prepareMessages } from "../bedrock-claude/messages.ts";
import { forceStructuredOutput } from "../bedrock-claude/structured-request.ts";
import { cleanSystem } from "../bedrock-claude/system.ts";
import { fitToolChoice } from "../bedrock-claude/tool-choice.ts";
import { cleanTools } from "../bedrock-claude/tools.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { dropCacheMarks } from "./cache-points.ts";
import { converseMessages, converseSystem } from "./content.ts";
import { inferenceConfig, modelFields, noteForeignFields } from "./fields.ts";
import { dropThinking } from "./thinking.ts";
import { toolConfig } from "./tool-config.ts";

type Step = (body: JsonObject, call: Call) => JsonObject;

/** Bedrock wants the same of a history whichever way it is asked, so these are Claude's steps, in Claude's order. */
const STEPS: readonly Step[] = [
  noteForeignFields,
  forceStructuredOutput, // adds a tool and a choice
  dropThinking, // before prepareMessages, which drops the messages that it empties
  cleanSystem,
  prepareMessages,
  cleanTools,
  fitToolChoice, // needs the tools that are left
  clampMaxTokens,
  dropCacheMarks, // before the rest is counted
  limitBreakpoints,
];

/** A Messages request as Nova accepts it through Converse. What Converse cannot say is dropped with a note. */
export function prepare(body: JsonObject, call: Call): JsonObject {
  const messages = STEPS.reduce((prepared, step) => step(prepared, call), body);
  return dropLearnedFields(inConverse(messages, call), call);
}

function inConverse(body: JsonObject, call: Call): JsonObject {
  const members = {
    system: converseSystem(body.system, call),
    messages: converseMessages(body.messages, call),
    inferenceConfig: inferenceConfig(body, call),
    toolConfig: toolConfig(body),
    additionalModelRequestFields: modelFields(body),
  };
  return Object.entries(members).reduce<JsonObject>(
    (converse, [key, value]) => withMember(converse, key, value),
    {},
  );
}
