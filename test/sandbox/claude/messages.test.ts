/** protocol.md 4a.3, row by row: messages, tool pairs, media, and values of the wrong type. */
import { assistant, call, image, pdf, png, result, text, toolTurn, user } from "./bodies.ts";
import { EXTRA, type Row, refuses, said } from "./check.ts";

const unanswered = "`tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.";
const BLANK = "text content blocks must contain non-whitespace text";

const MESSAGES: Row[] = [
  [
    "role system",
    { messages: [user("a"), { role: "system", content: "b" }] },
    'messages: Unexpected role "system".',
  ],
  [
    "role developer",
    { messages: [user("a"), { role: "developer", content: "b" }] },
    "messages.1.role: Input should be 'user' or 'assistant'",
  ],
  [
    "output_config on a message",
    { messages: [user("a"), { ...assistant("b"), output_config: { effort: "low" } }, user("c")] },
    `messages.1.output_config: ${EXTRA}`,
  ],
  ["an assistant first", { messages: [assistant("a"), user("b")] }, 'first message must use the "user" role'],
  ["consecutive same-role messages", { messages: [user("a"), user("b")] }, "messages: roles must alternate"],
  ["an empty text block", said(text("")), `messages: ${BLANK}`],
  ["a whitespace-only text block", said(text("a"), text(" \n\t")), `messages: ${BLANK}`],
  ["whitespace as content", said("  "), `messages: ${BLANK}`],
  ["a blank system block", { system: [text(" ")] }, `system: ${BLANK}`],
  [
    "a blank text in a tool_result",
    { messages: [...toolTurn.slice(0, 2), user(result("toolu_1", { content: [text("")] }))] },
    `messages: ${BLANK}`,
  ],
  [
    "empty content in the middle",
    { messages: [user("a"), assistant(), user("b")] },
    "messages.1: all messages must have non-empty content except for the optional final assistant message",
  ],
  [
    "prefill on Opus 4.6+",
    { messages: [user("a"), assistant("b")] },
    "This model does not support assistant message prefill. The conversation must end with a user message.",
  ],
  [
    "a prefill that ends in a blank",
    { messages: [user("a"), assistant("b ")] },
    "trailing whitespace",
    "4.5-haiku",
  ],
  [
    "tool_use without id",
    { messages: [user("a"), assistant(call("x", { id: undefined })), user("b")] },
    "messages.1.content.0.tool_use.id: Field required",
  ],
  [
    "tool_use without name",
    { messages: [user("a"), assistant(call("x", { name: undefined })), user("b")] },
    "messages.1.content.0.tool_use.name: Field required",
  ],
  [
    "tool_use with a wild id",
    { messages: [user("a"), assistant(call("call|1")), user("b")] },
    "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
  ],
  [
    "tool_use with arguments as text",
    { messages: [user("a"), assistant(call("x", { input: "{}" })), user("b")] },
    "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
  ],
  [
    "tool_use with an unknown key",
    { messages: [user("a"), assistant(call("x", { caller: { type: "direct" } })), user("b")] },
    `messages.1.content.0.tool_use.caller: ${EXTRA}`,
  ],
  [
    "no tool_result at all",
    { messages: [user("a"), assistant(call()), user("b")] },
    `messages.1: ${unanswered}`,
  ],
  [
    "tool_result after other blocks",
    { messages: [user("a"), assistant(call()), user(text("first"), result())] },
    `messages.1: ${unanswered}`,
  ],
  [
    "one of two results missing",
    { messages: [user("a"), assistant(call(), call("toolu_2")), user(result("toolu_2"))] },
    `messages.1: ${unanswered}`,
  ],
  [
    "tool_result a turn late",
    { messages: [...toolTurn, assistant("b"), user(result())] },
    "messages.4.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1.",
  ],
  [
    "tool_result twice",
    { messages: [...toolTurn.slice(0, 2), user(result(), result())] },
    "messages.2.content.1: each tool_use must have a single result.",
  ],
  [
    "tool_result of nothing at the start",
    said(result()),
    "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1.",
  ],
  [
    "one id for two calls",
    { messages: [user("a"), assistant(call(), call()), user(result())] },
    "messages: `tool_use` ids must be unique",
  ],
  [
    "tool_use from the user",
    said(call()),
    "messages.0.content.0: `tool_use` blocks can only be in `assistant`",
  ],
  [
    "tool_reference inside a tool_result",
    {
      messages: [
        ...toolTurn.slice(0, 2),
        user(result("toolu_1", { content: [{ type: "tool_reference", tool_name: "x" }] })),
      ],
    },
    "messages.2.content.0.tool_result.content.0: Input tag 'tool_reference'",
  ],
  [
    "an unknown block",
    said({ type: "server_tool_use" }),
    "messages.0.content.0: Input tag 'server_tool_use'",
  ],
  ["a block without a type", said({ text: "a" }), "messages.0.content.0.type: Field required"],
  ["an unknown key in a block", said(text("a", { id: 1 })), `messages.0.content.0.text.id: ${EXTRA}`],
];

const MEDIA: Row[] = [
  [
    "image by URL",
    said({ type: "image", source: { type: "url", url: "https://example.com/a.png" } }),
    "messages.0.content.0.image.source: Input tag 'url'",
  ],
  [
    "image by file id",
    said({ type: "image", source: { type: "file", file_id: "f" } }),
    "messages.0.content.0.image.source: Input tag 'file'",
  ],
  [
    "an unknown media type",
    said(image(png(1, 1), "image/bmp")),
    "image.source.base64.media_type: Input should be 'image/png', 'image/jpeg', 'image/gif' or 'image/webp'",
  ],
  [
    "base64 that is none",
    said(image("data:image/png;base64,AAAA")),
    "source.base64.data: Invalid base64 data",
  ],
  ["bytes that are no image", said(image("AAAA")), "source.base64.data: Could not process image"],
  [
    "a PNG that claims to be a JPEG",
    said(image(png(1, 1), "image/jpeg")),
    "Image does not match the provided media type image/jpeg",
  ],
  ["a PDF that is none", said(pdf("AAAA")), "The PDF specified was not valid."],
  [
    "many images, one too large",
    said(image(png(1_569, 10)), image()),
    "At least one of the image dimensions exceed max allowed size for many-image requests: 1568 pixels",
  ],
  ["the same on 4.8", said(image(png(10, 2_577)), image()), "many-image requests: 2576 pixels", "4.8-opus"],
];

const TYPES: Row[] = [
  [
    "text as a number",
    said({ type: "text", text: 1 }),
    "messages.0.content.0.text.text: Input should be a valid string",
  ],
  ["temperature as text", { temperature: "warm" }, "temperature: Input should be a valid number"],
  ["a temperature below 0", { temperature: -1 }, "temperature: Input should be greater than or equal to 0"],
  ["a tool as text", { tools: ["Bash"] }, "tools.0: Input should be a valid dictionary"],
  ["a message as text", { messages: ["hi"] }, "messages.0: Input should be a valid dictionary"],
  [
    "is_error as text",
    { messages: [...toolTurn.slice(0, 2), user(result("toolu_1", { is_error: "no" }))] },
    "messages.2.content.0.tool_result.is_error: Input should be a valid boolean",
  ],
];

refuses("messages", MESSAGES);
refuses("media", MEDIA);
refuses("types", TYPES);
