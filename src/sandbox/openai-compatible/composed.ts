/** A reply as OpenAI's families tell it: what was thought, said and called, and why it ended. */
import type { JsonObject } from "../../hub/json.ts";
import { argumentsFor } from "../claude/arguments.ts";
import { compose } from "../claude/compose.ts";
import { sceneOf } from "../claude/scene.ts";
import { replyTo } from "../claude/script.ts";
import { type ClaudeRequest, tokensOf } from "../claude/wire.ts";

export interface Composed {
  /** Letters and digits; the same for the same request. */
  id: string;
  /** Undefined where it does not think. */
  thought: string | undefined;
  text: string;
  calls: { id: string; name: string; arguments: string }[];
  ended: "stop" | "length" | "tool_calls";
  outputTokens: number;
  reasoningTokens: number;
}

export interface ComposeOptions {
  callsTools: boolean;
  /** The answer has to be JSON: of this schema, or of any. */
  format?: { schema?: JsonObject } | undefined;
}

export function composeFor(request: ClaudeRequest, { callsTools, format }: ComposeOptions): Composed {
  const scene = sceneOf(request);
  const reply = replyTo(callsTools ? scene : { ...scene, tools: [] });
  const isText = reply.calls === undefined || reply.calls.length === 0;
  const told = format !== undefined && isText ? { ...reply, text: jsonFor(format, reply.text ?? "") } : reply;
  const { id, content, stop_reason, output_tokens } = compose(request, told);
  const thought = content.find(({ type }) => type === "thinking")?.thinking;
  const calls = content.filter(({ type }) => type === "tool_use");
  return {
    id: letters(id),
    thought: thought === undefined ? undefined : String(thought),
    text: content.map((block) => (block.type === "text" ? String(block.text) : "")).join(""),
    calls: calls.map((block) => ({
      id: letters(String(block.id)),
      name: String(block.name),
      arguments: JSON.stringify(block.input),
    })),
    ended: stop_reason === "max_tokens" ? "length" : calls.length > 0 ? "tool_calls" : "stop",
    outputTokens: output_tokens,
    reasoningTokens: thought === undefined ? 0 : tokensOf(thought),
  };
}

function jsonFor({ schema }: { schema?: JsonObject }, text: string): string {
  return JSON.stringify(schema === undefined ? { answer: text } : argumentsFor(schema, { answer: text }));
}

/** The end of an id of Claude's: its prefix is Bedrock's. */
function letters(id: string): string {
  return id.replace(/^\w+_bdrk_01/, "").replace(/\W|_/g, "");
}
