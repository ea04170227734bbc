/** What becomes of a history: the rows of protocol.md 4a.3 and 7.2 that are about messages and their order. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/hub/json.ts";
import {
  assistant,
  callFor,
  OPUS_46,
  prepared,
  preparedUnchecked,
  SONNET_45,
  text,
  thinking,
  toolResult,
  toolUse,
  user,
} from "./request.ts";

const reminder = (words: string): Json => text(`<system-reminder>\n${words}\n</system-reminder>`);
const cancelled = (id: string): Json => ({
  type: "tool_result",
  tool_use_id: id,
  content: "The call was cancelled.",
  is_error: true,
});
const EPHEMERAL = { type: "ephemeral" };
const system = (content: Json): Json => ({ role: "system", content });

const ROWS: readonly (readonly [name: string, messages: Json[], expected: Json[]])[] = [
  [
    "a system message becomes a reminder in the turn before it",
    [user(text("Hi.")), system("Env."), assistant(text("Yes."))],
    [user(text("Hi."), reminder("Env.")), assistant(text("Yes."))],
  ],
  [
    "as blocks it reads the same, and keeps its breakpoint",
    [
      user(text("Hi.")),
      {
        ...(system([{ ...text("Env."), cache_control: EPHEMERAL }]) as object),
        output_config: { effort: "low" },
      },
    ],
    [user(text("Hi."), { ...(reminder("Env.") as object), cache_control: EPHEMERAL })],
  ],
  [
    "between a call and its result it stands after the result",
    [user(text("Go.")), assistant(toolUse("a")), system("Env."), user(toolResult("a"))],
    [user(text("Go.")), assistant(toolUse("a")), user(toolResult("a"), reminder("Env."))],
  ],
  [
    "between two answers it is a turn of its own",
    [user(text("Hi.")), assistant(text("A.")), system("Env."), assistant(text("B."))],
    [user(text("Hi.")), assistant(text("A.")), user(reminder("Env.")), assistant(text("B."))],
  ],
  [
    "a message holds its role and content, nothing else",
    [{ ...user(text("Hi.")), output_config: { effort: "low" }, id: "m1" }],
    [user(text("Hi."))],
  ],
  [
    "neighbours of one role are merged, strings and blocks",
    [
      { role: "user", content: "A." },
      user(text("B.")),
      assistant(text("C.")),
      { role: "assistant", content: "D." },
      user(text("E.")),
    ],
    [user(text("A."), text("B.")), assistant(text("C."), text("D.")), user(text("E."))],
  ],
  [
    "a message emptied of blank text goes, and its neighbours meet",
    [user(text("A.")), assistant(text(" ")), user(text("B."))],
    [user(text("A."), text("B."))],
  ],
  [
    "a blank string goes too",
    [
      { role: "user", content: "A." },
      { role: "assistant", content: "\n" },
    ],
    [{ role: "user", content: "A." }],
  ],
  [
    "an empty assistant message goes",
    [user(text("A.")), assistant(), user(text("B."))],
    [user(text("A."), text("B."))],
  ],
  ["a prefill stays", [user(text("A.")), assistant(text("{"))], [user(text("A.")), assistant(text("{"))]],
  [
    "results come before everything else in their turn",
    [
      user(text("Go.")),
      assistant(toolUse("a"), toolUse("b")),
      user(text("See."), toolResult("b"), text("And."), toolResult("a")),
    ],
    [
      user(text("Go.")),
      assistant(toolUse("a"), toolUse("b")),
      user(toolResult("b"), toolResult("a"), text("See."), text("And.")),
    ],
  ],
  [
    "a call without a result was cancelled",
    [user(text("Go.")), assistant(toolUse("a"), toolUse("b")), user(text("Stop."), toolResult("b"))],
    [
      user(text("Go.")),
      assistant(toolUse("a"), toolUse("b")),
      user(toolResult("b"), cancelled("a"), text("Stop.")),
    ],
  ],
  [
    "so was the last one of the history",
    [user(text("Go.")), assistant(toolUse("a"))],
    [user(text("Go.")), assistant(toolUse("a")), user(cancelled("a"))],
  ],
  [
    "and one that the user answered in words",
    [user(text("Go.")), assistant(toolUse("a")), { role: "user", content: "Stop." }],
    [user(text("Go.")), assistant(toolUse("a")), user(cancelled("a"), text("Stop."))],
  ],
  [
    "a result without its call becomes text",
    [user(toolResult("gone", "42")), assistant(text("Yes."))],
    [user(text("Result of an earlier tool call:\n42")), assistant(text("Yes."))],
  ],
  [
    "with its blocks",
    [user(toolResult("gone", [text("42")]), text("So?"))],
    [user(text("Result of an earlier tool call:"), text("42"), text("So?"))],
  ],
  [
    "a second result of one call becomes text",
    [user(text("Go.")), assistant(toolUse("a")), user(toolResult("a", "1"), toolResult("a", "2"))],
    [
      user(text("Go.")),
      assistant(toolUse("a")),
      user(toolResult("a", "1"), text("Result of an earlier tool call:\n2")),
    ],
  ],
  [
    "a call without id and name gets both, and the result that has none",
    [
      user(text("Go.")),
      assistant({ type: "tool_use", input: {} }),
      user({ type: "tool_result", content: "1" }),
    ],
    [
      user(text("Go.")),
      assistant({ type: "tool_use", id: "toolu_placeholder_1_0", name: "unknown_tool", input: {} }),
      user(toolResult("toolu_placeholder_1_0", "1")),
    ],
  ],
  [
    "it takes the id of the result that belongs to no other call, by position",
    [
      user(text("Go.")),
      assistant({ type: "tool_use", name: "x", input: {} }, toolUse("b"), {
        type: "tool_use",
        name: "z",
        input: {},
      }),
      user(toolResult("b"), toolResult("first"), toolResult("second")),
    ],
    [
      user(text("Go.")),
      assistant({ type: "tool_use", name: "x", input: {}, id: "first" }, toolUse("b"), {
        type: "tool_use",
        name: "z",
        input: {},
        id: "second",
      }),
      user(toolResult("b"), toolResult("first"), toolResult("second")),
    ],
  ],
  [
    "a call without input has an empty one",
    [user(text("Go.")), assistant({ type: "tool_use", id: "a", name: "x" }), user(toolResult("a"))],
    [
      user(text("Go.")),
      assistant({ type: "tool_use", id: "a", name: "x", input: {} }),
      user(toolResult("a")),
    ],
  ],
  [
    "thinking loses a breakpoint that cannot stand there, and nothing else",
    [user(text("Go.")), assistant({ ...thinking, cache_control: EPHEMERAL }, text("Yes."))],
    [user(text("Go.")), assistant(thinking, text("Yes."))],
  ],
  [
    "thinking that no one signed goes",
    [user(text("Go.")), assistant({ type: "thinking", thinking: "Hm.", signature: "" }, text("Yes."))],
    [user(text("Go.")), assistant(text("Yes."))],
  ],
  [
    "thinking that another maker signed goes",
    [
      user(text("Go.")),
      assistant({ type: "thinking", thinking: "Hm.", signature: "aicore.gemini.c2ln" }, text("Yes.")),
    ],
    [user(text("Go.")), assistant(text("Yes."))],
  ],
  [
    "a turn cancelled while thinking goes",
    [user(text("Go.")), assistant(thinking, text(" ")), user(text("Stop."))],
    [user(text("Go."), text("Stop."))],
  ],
  [
    "server tools are told as text, without what only Anthropic can read",
    [
      user(text("Go.")),
      assistant(
        { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "sap" } },
        {
          type: "web_search_tool_result",
          tool_use_id: "srvtoolu_1",
          content: [
            { type: "web_search_result", title: "SAP", url: "https://sap.example", encrypted_content: "xxx" },
          ],
        },
        text("Found."),
      ),
    ],
    [
      user(text("Go.")),
      assistant(
        text('[web_search was called: {"query":"sap"}]'),
        text(
          '[web_search answered: [{"type":"web_search_result","title":"SAP","url":"https://sap.example"}]]',
        ),
        text("Found."),
      ),
    ],
  ],
];

/** On a model that takes a prefill. */
const history = (messages: Json): Json | undefined => prepared({ messages }, callFor(SONNET_45)).messages;

describe("the history (protocol.md 4a.3, 7.2)", () => {
  test.each(ROWS)("%s", (_name, messages, expected) => {
    expect(history(messages)).toEqual(expected);
  });

  test("the prefix of a growing history stays as it was", () => {
    const first = [user(text("Hi.")), system([{ ...text("Env."), cache_control: EPHEMERAL }])];
    const second = [user(text("Hi.")), system("Env."), assistant({ type: "tool_use", name: "x", input: {} })];
    const third = [...second, user(toolResult("a")), system("More.")];
    const unmarked = (messages: Json | undefined) =>
      JSON.stringify(messages).replaceAll(',"cache_control":{"type":"ephemeral"}', "");
    const [one, , three] = [first, second, third].map((messages) => unmarked(history(messages)));
    expect(three?.startsWith(one?.slice(0, -1) ?? "-")).toBe(true);
  });

  test("a long run of messages is merged in one go", () => {
    const many = Array.from({ length: 50_000 }, () => ({ role: "user", content: "x" }));
    expect(preparedUnchecked({ messages: many }).messages).toMatchObject([
      { role: "user", content: { length: 50_000 } },
    ]);
  });

  test.each<[string, Json]>([
    ["no list", "no"],
    ["a message that is none", [1]],
    ["a message without content", [{ role: "user" }]],
    ["a block that is none", [user(1)]],
    ["a block of a type that we do not know", [user({ type: "hologram", data: 1 })]],
    ["blank texts alone", [user(text(" "))]],
  ])("%s goes up as it came: what is wrong with it, the upstream says best", (_name, messages) => {
    expect(preparedUnchecked({ messages }).messages).toBe(messages);
  });
});

describe("cache breakpoints (protocol.md 7.2 #35)", () => {
  const mark = (words: string): Json => ({ ...text(words), cache_control: EPHEMERAL });
  const tool = (name: string, marked: boolean): Json => ({
    name,
    input_schema: { type: "object" },
    ...(marked && { cache_control: EPHEMERAL }),
  });

  test("four stay as they are", () => {
    const body = { system: [mark("S")], messages: [user(mark("A")), assistant(mark("B")), user(mark("C"))] };
    expect(prepared(body)).toMatchObject(body);
  });

  test("of more, the last of the tools, the last of the system and the last two of the messages stay", () => {
    const body = prepared(
      {
        tools: [tool("a", true), tool("b", true)],
        system: [mark("S"), mark("T")],
        messages: [
          user(mark("A")),
          assistant(toolUse("a")),
          user({ ...toolResult("a", [mark("B")]), cache_control: EPHEMERAL }, mark("C")),
        ],
      },
      callFor(OPUS_46),
    );
    expect(body).toMatchObject({
      tools: [tool("a", false), tool("b", true)],
      system: [text("S"), mark("T")],
      messages: [
        user(text("A")),
        assistant(toolUse("a")),
        user({ ...toolResult("a", [text("B")]), cache_control: EPHEMERAL }, mark("C")),
      ],
    });
    expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(4);
  });

  test("arguments and schemas that happen to have the key are data", () => {
    const data = { cache_control: "x" };
    const messages = [
      user(text("Go.")),
      assistant({ type: "tool_use", id: "a", name: "read_file", input: data }),
      user(toolResult("a")),
    ];
    expect(history(messages)).toEqual(messages);
  });
});
