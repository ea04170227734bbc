/** Chat hosts take one order only: calls, then their tool messages and nothing between, then the rest. */
import { expect, test } from "vitest";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import type { Block, HubMessage, HubRequest } from "../../../src/hub/messages.ts";
import { markSignature } from "../../../src/hub/signature.ts";
import { hub, PDF, PNG, PNG_URL, target } from "./frozen.ts";

const text = (text: string): Block & JsonObject => ({ type: "text", text });
const use = (id: string): Block => ({ type: "tool_use", id, name: "read", input: { path: id } });
const result = (tool_use_id: string, content: string | Block[]): Block => ({
  type: "tool_result",
  tool_use_id,
  content,
});
const image: Block = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
const user = (...content: Block[]): HubMessage => ({ role: "user", content });
const assistant = (...content: Block[]): HubMessage => ({ role: "assistant", content });
const system = (content: string): HubMessage => ({ role: "system", content });

const call = (id: string) => ({
  id,
  type: "function",
  function: { name: "read", arguments: `{"path":"${id}"}` },
});
const says = (content: string | null, ...ids: string[]): JsonObject => ({
  role: "assistant",
  content,
  ...(ids.length > 0 && { tool_calls: ids.map(call) }),
});
const tool = (id: string, content: string): JsonObject => ({ role: "tool", tool_call_id: id, content });
const asks = (content: Json): JsonObject => ({ role: "user", content });
const rules = (content: string): JsonObject => ({ role: "system", content });
const picture = { type: "image_url", image_url: { url: PNG_URL } };

function encode(messages: HubMessage[], members: Partial<HubRequest> = {}): { sent: Json; notes: string[] } {
  const to = target();
  return {
    sent: openaiChat.encodeRequest(hub({ ...members, messages }), to).messages ?? null,
    notes: to.notes,
  };
}

test.each<[what: string, messages: HubMessage[], expected: JsonObject[]]>([
  ["a single text", [user(text("Hi"))], [asks("Hi")]],
  ["several texts", [user(text("A"), text("B"))], [asks([text("A"), text("B")])]],
  ["a picture", [user(text("See"), image)], [asks([text("See"), picture])]],
  [
    "a picture elsewhere",
    [user({ type: "image", source: { type: "url", url: "https://example.com/a.png" } })],
    [asks([{ type: "image_url", image_url: { url: "https://example.com/a.png" } }])],
  ],
  [
    "documents",
    [
      user(
        { type: "document", source: { type: "base64", media_type: "application/pdf", data: PDF } },
        { type: "document", title: "T", source: { type: "text", media_type: "text/plain", data: "Words" } },
      ),
    ],
    [
      asks([
        {
          type: "file",
          file: { filename: "document.pdf", file_data: `data:application/pdf;base64,${PDF}` },
        },
        text("T\n\nWords"),
      ]),
    ],
  ],
  [
    "a system message where it stands",
    [user(text("Hi")), system("Be brief.")],
    [asks("Hi"), rules("Be brief.")],
  ],
  [
    "a tool round",
    [user(text("Go")), assistant(text("I read."), use("a")), user(result("a", "1"), text("And?"))],
    [asks("Go"), says("I read.", "a"), tool("a", "1"), asks("And?")],
  ],
  [
    "calls alone have no text",
    [assistant(use("a")), user(result("a", "1"))],
    [says(null, "a"), tool("a", "1")],
  ],
  [
    "results that come in another order, and in several messages",
    [assistant(use("a"), use("b")), user(result("b", "2")), user(result("a", "1"))],
    [says(null, "a", "b"), tool("b", "2"), tool("a", "1")],
  ],
  [
    "texts of a result become one, without any it is empty",
    [assistant(use("a"), use("b")), user(result("a", [text("1"), text("2")]), result("b", []))],
    [says(null, "a", "b"), tool("a", "1\n\n2"), tool("b", "")],
  ],
  [
    "pictures of results behind all tool messages, before the user's words",
    [
      assistant(use("a"), use("b")),
      user(result("a", [image]), result("b", [text("2"), image]), text("Well?")),
    ],
    [
      says(null, "a", "b"),
      tool("a", "(shown in the next message)"),
      tool("b", "2"),
      asks([text("Shown by tool call a:"), picture, text("Shown by tool call b:"), picture, text("Well?")]),
    ],
  ],
  [
    "pictures wait for results of a later message",
    [assistant(use("a"), use("b")), user(result("a", [text("1"), image])), user(result("b", "2"))],
    [says(null, "a", "b"), tool("a", "1"), tool("b", "2"), asks([text("Shown by tool call a:"), picture])],
  ],
  [
    "a system message in a tool round waits (#73)",
    [assistant(use("a")), system("Be brief."), user(result("a", "1"))],
    [says(null, "a"), tool("a", "1"), rules("Be brief.")],
  ],
  [
    "words between a call and its result are part of the call's message (#72)",
    [
      assistant(text("One."), use("a")),
      assistant(text("Two.")),
      assistant(use("b")),
      user(result("a", "1"), result("b", "2")),
    ],
    [says("One.\n\nTwo.", "a", "b"), tool("a", "1"), tool("b", "2")],
  ],
  [
    "a cancelled call gets a result (#74)",
    [assistant(use("a"), use("b")), user(result("a", "1"), text("Stop.")), assistant(text("Yes."))],
    [says(null, "a", "b"), tool("a", "1"), tool("b", "The call was cancelled."), asks("Stop."), says("Yes.")],
  ],
  ["a call at the end", [assistant(use("a"))], [says(null, "a"), tool("a", "The call was cancelled.")]],
  [
    "a user who speaks instead of the result",
    [assistant(use("a")), { role: "user", content: "Stop." }],
    [says(null, "a"), tool("a", "The call was cancelled."), asks("Stop.")],
  ],
  [
    "a result without its call is the user's words",
    [user(result("x", "1")), assistant(use("a")), user(result("a", "1"), result("a", [text("2"), image]))],
    [
      asks("Result of an earlier tool call:\n1"),
      says(null, "a"),
      tool("a", "1"),
      asks([text("Result of an earlier tool call:\n2"), picture]),
    ],
  ],
  [
    "thoughts of others",
    [
      assistant({ type: "thinking", thinking: "Hm", signature: "claude's" }, text("Yes")),
      assistant({ type: "redacted_thinking", data: "x" }),
    ],
    [says("Yes")],
  ],
  [
    "a thought goes back to the host that signed it",
    [assistant({ type: "thinking", thinking: "Hm", signature: markSignature("chat", "s") }, text("Yes"))],
    [{ ...says("Yes"), reasoning_content: [{ content: "Hm", signature: "s" }] }],
  ],
])("%s", (_what, messages, expected) => {
  const { sent, notes } = encode(messages);
  expect(sent).toEqual(expected);
  expect(notes).toEqual([]);
});

test("the system prompt comes first, its blocks as one text", () => {
  const { sent } = encode([user(text("Hi"))], {
    system: [
      { type: "text", text: "A", cache_control: { type: "ephemeral" } },
      { type: "text", text: "B" },
    ],
  });
  expect(sent).toEqual([rules("A\n\nB"), asks("Hi")]);
});

test("blocks that only Messages has are left out and told", () => {
  const search = { type: "server_tool_use", id: "s", name: "web_search", input: {} } as unknown as Block;
  const { sent, notes } = encode([assistant(search, text("Hi")), user(search, text("Ho"))]);
  expect(sent).toEqual([says("Hi"), asks("Ho")]);
  const note = expect.stringContaining("server_tool_use blocks are left out");
  expect(notes).toEqual([note, note]);
});

test("inside a result they are told in words", () => {
  const reference = { type: "tool_reference", tool_name: "grep" } as unknown as Block;
  const found = { type: "search_result", title: "T" } as unknown as Block;
  const { sent, notes } = encode([assistant(use("a")), user(result("a", [reference, found]))]);
  const words = 'The tool grep is available.\n\n{"type":"search_result","title":"T"}';
  expect(sent).toEqual([says(null, "a"), tool("a", words)]);
  expect(notes).toEqual([]);
});

test("a result whose content is null is empty", () => {
  const silent = { type: "tool_result", tool_use_id: "a", content: null } as unknown as Block;
  expect(encode([assistant(use("a")), user(silent)]).sent).toEqual([says(null, "a"), tool("a", "")]);
});

test("a document that would have to be fetched is refused by its path", () => {
  const document: Block = { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } };
  const path = "messages.1.content.0.content.1.source.url: ";
  expect(() => encode([assistant(use("a")), user(result("a", [text("1"), document]))])).toThrow(path);
});
