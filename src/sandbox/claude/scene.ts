/** What the script looks at: never how many requests came, only what is in this one. */
import {
  type Block,
  blocksOf,
  type ClaudeRequest,
  type Message,
  resultBlocks,
  type Tool,
  textOf,
} from "./wire.ts";

export interface Scene {
  /** What the user last asked for, without `<system-reminder>` texts. */
  prompt: string;
  system: string;
  /** Tool results in the last turn, each as text. */
  results: string[];
  /** Images and documents in the last turn, those inside tool results included. */
  media: Block[];
  /** How many tools were called since the user asked. */
  calls: number;
  tools: Tool[];
  forced: "any" | string | undefined;
  stopSequences: string[];
}

/** Agents prepend pages of context: the wish stands in the text that is not a reminder. */
const REMINDER = /<system-reminder>[\s\S]*?(<\/system-reminder>|$)/g;

/** Claude Code 2.1.330 asks so for the rest of an answer that broke (run 2026-11-21): the wish before it still stands. */
const RESUME = /^Your response above was cut off mid-stream\./;

export function sceneOf(request: ClaudeRequest): Scene {
  const { messages, tools = [], tool_choice, stop_sequences = [], system } = request;
  const asked = messages.findLastIndex((message) => wishOf(message) !== "");
  const last = blocksOf(messages.findLast(({ role }) => role === "user")?.content);
  const results = last.filter(({ type }) => type === "tool_result");
  const shown = [...last, ...results.flatMap(resultBlocks)];
  const since = messages.slice(asked + 1).flatMap(({ content }) => blocksOf(content));
  return {
    prompt: messages[asked] === undefined ? "" : wishOf(messages[asked]),
    system: textOf(blocksOf(system)),
    results: results.map((result) => textOf(resultBlocks(result))),
    media: shown.filter(({ type }) => type === "image" || type === "document"),
    calls: since.filter(({ type }) => type === "tool_use").length,
    tools: tool_choice?.type === "none" ? [] : tools,
    forced: tool_choice?.type === "any" ? "any" : tool_choice?.name,
    stopSequences: stop_sequences,
  };
}

function wishOf({ role, content }: Message): string {
  if (role !== "user") return "";
  const texts = blocksOf(content).map((block) => textOf([block]).replace(REMINDER, "").trim());
  return texts.filter((text) => text !== "" && !RESUME.test(text)).join("\n");
}
