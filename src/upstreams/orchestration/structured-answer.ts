/** The way back from structured-request.ts: the arguments of the forced tool become the text that the client waits for. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { AnswerTranslation } from "../types.ts";
import { ANSWER_TOOL, schemaOf } from "./structured-request.ts";

/** Undefined for a request that asks for plain words. Answers in which the tool was not called pass as they are. */
export function restoreStructuredAnswer(body: JsonObject): AnswerTranslation | undefined {
  if (schemaOf(body) === undefined) return undefined;
  const stream = new StructuredStream();
  return {
    message: (answer) => inChoices(answer, unwrapMessage),
    event: (event) => [inChoices(event, (choice) => stream.read(choice))],
  };
}

function inChoices(answer: JsonObject, change: (choice: JsonObject) => JsonObject): JsonObject {
  if (!Array.isArray(answer.choices)) return answer;
  const choices = rewriteEach<Json>(answer.choices, (choice) => (isObject(choice) ? change(choice) : choice));
  return withMember(answer, "choices", choices);
}

function unwrapMessage(choice: JsonObject): JsonObject {
  const { message } = choice;
  const calls =
    isObject(message) && Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject) : [];
  const answer = calls.find((call) => nameOf(call) === ANSWER_TOOL);
  if (!isObject(message) || answer === undefined) return choice;
  const rest = calls.filter((call) => call !== answer);
  const said = withMember(message, "tool_calls", rest.length > 0 ? rest : undefined);
  const unwrapped = withMember(choice, "message", withMember(said, "content", argumentsOf(answer) || "{}"));
  return rest.length > 0 ? unwrapped : withMember(unwrapped, "finish_reason", endOf(choice.finish_reason));
}

/** Which call of the stream is the answer, and whether the client's own tools were called too. */
class StructuredStream {
  #answerAt: Json | undefined;
  #spoken = false;
  #calledTool = false;

  read(choice: JsonObject): JsonObject {
    const { delta } = choice;
    const read = isObject(delta) && Array.isArray(delta.tool_calls) ? this.#readCalls(delta) : delta;
    const told = withMember(choice, "delta", read);
    const ends = typeof choice.finish_reason === "string";
    if (!ends || this.#answerAt === undefined || this.#calledTool) return told;
    const ended = withMember(told, "finish_reason", endOf(choice.finish_reason));
    return this.#spoken ? ended : withMember(ended, "delta", { ...(isObject(read) && read), content: "{}" });
  }

  #readCalls(delta: JsonObject): JsonObject {
    const all = Array.isArray(delta.tool_calls) ? delta.tool_calls.filter(isObject) : [];
    const opened = all.find((call) => nameOf(call) === ANSWER_TOOL);
    if (opened !== undefined) this.#answerAt = opened.index ?? 0;
    const isAnswer = (call: JsonObject) =>
      this.#answerAt !== undefined && (call.index ?? 0) === this.#answerAt;
    const rest = all.filter((call) => !isAnswer(call));
    const text = all.filter(isAnswer).map(argumentsOf).join("");
    if (rest.length > 0) this.#calledTool = true;
    if (text !== "") this.#spoken = true;
    const told = withMember(delta, "tool_calls", rest.length > 0 ? rest : undefined);
    return text === "" ? told : withMember(told, "content", text);
  }
}

function nameOf({ function: called }: JsonObject): Json | undefined {
  return isObject(called) ? called.name : undefined;
}

function argumentsOf({ function: called }: JsonObject): string {
  return isObject(called) && typeof called.arguments === "string" ? called.arguments : "";
}

function endOf(reason: Json | undefined): Json | undefined {
  return reason === "tool_calls" ? "stop" : reason;
}
