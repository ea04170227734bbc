/** The other side of the refusals: forms that look odd and are fine. */
import { expect, test } from "vitest";
import {
  adaptive,
  assistant,
  body,
  budget,
  call,
  image,
  marked,
  markedFor,
  type Patch,
  pdf,
  png,
  result,
  text,
  thought,
  tool,
  toolTurn,
  user,
} from "./bodies.ts";
import { check } from "./check.ts";

const inResult = (...content: unknown[]) => ({
  messages: [...toolTurn.slice(0, 2), user(result("toolu_1", { content }))],
});
const searchResult = { type: "search_result", source: "s", title: "t", content: [text("a")] };

const ACCEPTED: [name: string, patch: Patch, model?: string][] = [
  ["the plain body", {}],
  ["no tools, no system", { tools: undefined, system: undefined }],
  ["system as text", { system: "Be brief." }],
  ["max_tokens at the limit", { max_tokens: 64_000 }, "4.5-haiku"],
  ["ttl 5m and 1h, 1h first", { system: [text("a", markedFor("1h")), text("b", markedFor("5m"))] }],
  ["four marks", { messages: [user(...["1", "2", "3"].map((one) => text(one, marked)))] }],
  ["cache_control: null", { system: [text("a", { cache_control: null })] }],
  ["a mark on a tool_result", { messages: [...toolTurn.slice(0, 2), user(result("toolu_1", marked))] }],
  ["tools[].type custom", { tools: [tool({ type: "custom", ...marked })] }],
  [
    "an argument named cache_control",
    { messages: [user("a"), assistant(call("x", { input: marked })), user(result("x"))] },
  ],
  [
    "tool_choice auto, without parallel calls",
    { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
  ],
  ["a named tool", { tool_choice: { type: "tool", name: "Bash" } }],
  ["a tool turn", { messages: toolTurn }],
  ["text after the tool_results", { messages: [...toolTurn.slice(0, 2), user(result(), text("and now?"))] }],
  [
    "tool_result without content",
    { messages: [...toolTurn.slice(0, 2), user(result("toolu_1", { content: undefined }))] },
  ],
  ["an image in a tool_result", inResult(text("see"), image())],
  ["a document and a search result in a tool_result", inResult(pdf(), searchResult)],
  ["one image of any size", { messages: [user(image(png(8_000, 8_000)))] }],
  ["a PDF with citations", { messages: [user({ ...pdf(), citations: { enabled: true } }, text("sum up"))] }],
  [
    "a plain-text document",
    { messages: [user({ type: "document", source: { type: "text", media_type: "text/plain", data: "a" } })] },
  ],
  ["prefill on Haiku", { messages: [user("a"), assistant("{")] }, "4.5-haiku"],
  ["an empty last assistant message", { messages: [user("a"), assistant()] }, "4.5-haiku"],
  [
    "thinking replayed intact",
    { thinking: adaptive, messages: [user("a"), assistant(thought(), text("b")), user("c")] },
  ],
  [
    "thinking in history, now switched off",
    { messages: [user("a"), assistant(thought(), text("b")), user("c")] },
  ],
  [
    "a budget, in a tool turn that began with thinking",
    { thinking: budget(1_024), messages: [user("a"), assistant(thought(), call()), user(result())] },
  ],
  [
    "a budget, where an earlier turn had no thinking",
    { thinking: budget(1_024), messages: [user("a"), assistant("b"), user("c")] },
  ],
  ["adaptive, in a tool turn without thinking", { thinking: adaptive, messages: toolTurn }],
  ["a long prompt with the 1M beta", longPrompt(["context-1m-2025-08-07"]), "4.5-sonnet"],
  ["a long prompt on a model that has 1M by nature", longPrompt([]), "4.6-sonnet"],
];

function longPrompt(anthropic_beta: string[]): Patch {
  return { messages: [user("long ".repeat(170_000))], anthropic_beta };
}

test.each(ACCEPTED)("accepts %s", (_name, patch, model = "4.6-opus") => {
  expect(check(body(patch), model)).toMatchObject({ anthropic_version: "bedrock-2023-05-31" });
});
