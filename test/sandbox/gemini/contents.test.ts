/** The conversation: roles, turns, pairs of call and answer, signatures (protocol.md 4c). */
import { accepts, answer, call, FLASH_25, model, refuses, said, signedCall, text, user } from "./bodies.ts";

const EQUAL = "number of function response parts is equal to the number of function call parts";
const SIGNATURE = "Function call is missing a thought_signature in functionCall parts";
const asked = user(text("Go."));
const moved = { ...call("read_file", { path: "b" }), thoughtSignature: signedCall().thoughtSignature };

refuses("conversations", [
  ["none", { contents: undefined }, "at least one contents field is required"],
  ["an empty one", said(), "at least one contents field is required"],
  ["a role of another dialect", said({ role: "assistant", parts: [text("a")] }), "Please use a valid role"],
  ["no role", said({ parts: [text("a")] }), "Please use a valid role"],
  ["two of a role", said(asked, user(text("b"))), "alternate between user and model"],
  ["no parts", said(user()), "at least one parts field"],
  ["an empty text", said(user(text(""))), "must have a text parameter"],
  ["an empty system instruction", { systemInstruction: { parts: [] } }, "at least one parts field"],
  ["text and call in one part", said(asked, model({ ...text("a"), ...call() })), "oneof field 'data'"],
  [
    "an image that is none",
    said(user({ inlineData: { mimeType: "image/png", data: "AAAA" } })),
    "Unable to process",
  ],
  ["a file", said(user({ fileData: { fileUri: "https://a/b.png" } })), "Cannot fetch content"],
]);

refuses("calls and answers", [
  ["an id in a call", said(asked, model({ functionCall: { name: "a", id: "1" } })), 'Unknown name "id"'],
  [
    "an id in an answer",
    said(
      asked,
      model(signedCall()),
      user({ functionResponse: { name: "read_file", id: "1", response: {} } }),
    ),
    `Unknown name "id" at 'contents[2].parts[0].function_response'`,
  ],
  ["a call without an answer", said(asked, model(signedCall()), user(text("And?"))), EQUAL],
  ["a call at the end", said(asked, model(signedCall())), EQUAL],
  ["two answers to one call", said(asked, model(signedCall()), user(answer(), answer())), EQUAL],
  ["the wrong order", said(asked, model(signedCall("a"), call("b")), user(answer("b"), answer("a"))), EQUAL],
  ["an answer to nothing", said(user(answer())), "immediately after a function call turn"],
]);

refuses("signatures", [
  ["none in the current turn", said(asked, model(call()), user(answer())), SIGNATURE],
  [
    "none on a later step of it",
    said(asked, model(signedCall()), user(answer()), model(call()), user(answer())),
    `${SIGNATURE}. This is required for tools to work correctly. Additional data, function call \`default_api:read_file\` , position 4`,
  ],
  ["one that moved", said(asked, model(moved), user(answer())), "Corrupted thought signature"],
  ["a foreign one", said(asked, model({ ...call(), thoughtSignature: "QUJD" }), user(answer())), "Corrupted"],
]);

accepts("histories", [
  ["a tool turn", said(asked, model(text("I look."), signedCall()), user(answer(), text("So?")))],
  [
    "parallel calls, signed on the first",
    said(asked, model(signedCall("a"), call("b")), user(answer("a"), answer("b"))),
  ],
  ["an earlier turn without", said(asked, model(call()), user(answer()), model(text("1")), user(text("b")))],
  ["2.5 without", said(asked, model(call()), user(answer())), FLASH_25],
  [
    "the stand-in",
    said(asked, model({ ...call(), thoughtSignature: "skip_thought_signature_validator" }), user(answer())),
  ],
]);
