/**
 * What of an answer is for the client: `final_result` alone. `intermediate_results` has the whole prompt, and what an
 * output filter took away again (protocol 4f.4, recorded by SAP's Java SDK).
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import { tellReasoning } from "./reasoning.ts";
import { inclusiveUsage } from "./usage.ts";

const ANSWER_KEYS: ReadonlySet<string> = new Set([
  ...["id", "object", "created", "model", "system_fingerprint", "choices", "usage", "citations"],
]);
const CHOICE_KEYS: ReadonlySet<string> = new Set(["index", "message", "delta", "finish_reason", "logprobs"]);

/** A whole answer; an empty object, which is no answer, where the service gave none. */
export function cleanAnswer({ final_result: result }: JsonObject): JsonObject {
  return isObject(result) ? cleanResult(result) : {};
}

/** A chunk; undefined for the first event, which has the prompt, an empty choice and no id. */
export function cleanEvent({ final_result: result }: JsonObject): JsonObject | undefined {
  if (!isObject(result)) return undefined;
  const isFirst = result.id === "" && !isObject(result.usage) && saysNothing(result.choices);
  return isFirst ? undefined : cleanResult(result);
}

function cleanResult(result: JsonObject): JsonObject {
  const known = inclusiveUsage(onlyMembers(result, ANSWER_KEYS));
  if (!Array.isArray(known.choices)) return known;
  return withMember(known, "choices", rewriteEach<Json>(known.choices, cleanChoice));
}

/** `finish_reason: ""` and `logprobs: {}` stand for nothing (protocol 7.8 #122). */
function cleanChoice(choice: Json): Json {
  if (!isObject(choice)) return choice;
  const known = onlyMembers(choice, CHOICE_KEYS);
  const isEmpty = isObject(known.logprobs) && Object.keys(known.logprobs).length === 0;
  const told = withMember(known, "logprobs", isEmpty ? undefined : known.logprobs);
  const said = withMember(told, "delta", cleanSaid(told.delta));
  return withMember(
    withMember(said, "message", cleanSaid(told.message)),
    "finish_reason",
    told.finish_reason || null,
  );
}

/** An empty role is none. */
function cleanSaid(said: Json | undefined): Json | undefined {
  if (!isObject(said)) return said;
  return tellReasoning(said.role === "" ? withMember(said, "role", undefined) : said);
}

function saysNothing(choices: Json | undefined): boolean {
  return (Array.isArray(choices) ? choices : []).every((choice) => {
    const { content, tool_calls, reasoning_content } = deltaOf(choice);
    const isSilent = content === undefined || content === null || content === "";
    return isSilent && tool_calls === undefined && reasoning_content === undefined;
  });
}

function deltaOf(choice: Json): JsonObject {
  return isObject(choice) && isObject(choice.delta) ? choice.delta : {};
}
