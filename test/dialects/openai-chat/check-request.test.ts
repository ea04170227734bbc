/** Bad input of chat clients: a 400 that begins with the path of the field (security B10–B18). */
import { describe, expect, test } from "vitest";
import { readChatCall } from "../../../src/dialects/openai-chat/check-request.ts";
import { ApiError } from "../../../src/errors.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { chat, PNG, PNG_URL } from "./frozen.ts";

const user = (content: Json): JsonObject => ({ messages: [{ role: "user", content }] });
const image = (url: string) => user([{ type: "image_url", image_url: { url } }]);
const file = (file: Json) =>
  user([
    { type: "text", text: "Read:" },
    { type: "file", file },
  ]);
const calls = (tool_calls: Json) => ({ messages: [{ role: "assistant", content: null, tool_calls }] });

describe("refused", () => {
  test.each<[members: JsonObject, message: string]>([
    [{ model: null }, "model: Field required"],
    [{ model: 5 }, "model: Input should be a valid string"],
    [{ model: "a\nb" }, "model: must match"],
    [{ messages: null }, "messages: at least one message is required"],
    [{ messages: [] }, "messages: at least one message is required"],
    [{ messages: "Hi" }, "messages: at least one message is required"],
    [{ messages: ["Hi"] }, "messages.0: Input should be an object"],
    [
      {
        messages: [
          { role: "user", content: "Hi" },
          { role: "robot", content: "Hi" },
        ],
      },
      "messages.1.role: ",
    ],
    [{ messages: [{ content: "Hi" }] }, "messages.0.role: "],
    [user(null), "messages.0.content: Input should be a valid string or a list of parts"],
    [user(5), "messages.0.content: Input should be a valid string or a list of parts"],
    [user(["Hi"]), "messages.0.content.0: Input should be an object"],
    [user([{ text: "Hi" }]), "messages.0.content.0.type: Field required"],
    [user([{ type: "video" }]), "messages.0.content.0.type: 'video' is not a known type"],
    [user([{ type: "text" }]), "messages.0.content.0.text: Field required"],
    [user([{ type: "image_url" }]), "messages.0.content.0.image_url.url: Field required"],
    [
      image("file:///etc/passwd"),
      "messages.0.content.0.image_url.url: Input should be a data: or https: URL",
    ],
    [image("data:image/png;base64,%%%%"), "messages.0.content.0.image_url.url: Input should be valid base64"],
    [image("data:image/png;base64,"), "messages.0.content.0.image_url.url: Input should be valid base64"],
    [image(`data:image/tiff;base64,${PNG}`), "messages.0.content.0.image_url.url: the media type should be"],
    [file({ file_id: "file-1" }), "messages.0.content.1.file.file_id: uploaded files are not supported"],
    [file({}), "messages.0.content.1.file.file_data: Field required"],
    [file({ file_data: "hello" }), "messages.0.content.1.file.file_data: Input should be a data: URL"],
    [
      file({ file_data: `data:video/mp4;base64,${PNG}` }),
      "messages.0.content.1.file.file_data: the media type",
    ],
    [{ messages: [{ role: "tool", content: "42" }] }, "messages.0.tool_call_id: Field required"],
    [calls({}), "messages.0.tool_calls: Input should be a valid list"],
    [calls([{ function: { name: "f" } }]), "messages.0.tool_calls.0.id: Field required"],
    [calls([{ id: "1", type: "mcp" }]), "messages.0.tool_calls.0.type: "],
    [calls([{ id: "1", type: "function" }]), "messages.0.tool_calls.0.function: Field required"],
    [calls([{ id: "1", type: "custom", custom: {} }]), "messages.0.tool_calls.0.custom.name: Field required"],
    [{ max_tokens: -1 }, "max_tokens: "],
    [{ max_tokens: 0 }, "max_tokens: "],
    [{ max_tokens: 1.5 }, "max_tokens: "],
    [{ max_tokens: "10" }, "max_tokens: "],
    [{ max_completion_tokens: Number.POSITIVE_INFINITY }, "max_completion_tokens: "],
    [{ stream: "true" }, "stream: Input should be a valid boolean"],
    [{ tools: {} }, "tools: Input should be a valid list"],
    [{ tools: ["f"] }, "tools.0: Input should be an object"],
  ])("%j", (members, message) => {
    const error = refusalOf(members);
    expect(error.status).toBe(400);
    expect(error.message.slice(0, message.length)).toBe(message);
  });
});

test.each<[members: JsonObject, stream: boolean]>([
  [{}, false],
  [{ stream: true }, true],
  [{ stream: null, max_tokens: null, tools: null, stop: null }, false],
  [image("https://example.com/a.png"), false],
  [image(PNG_URL), false],
  [{ messages: [{ role: "assistant", content: null }] }, false],
  [{ messages: [{ role: "function", name: "f", content: null }] }, false],
])("accepted: %j", (members, stream) => {
  expect(readChatCall(chat(members))).toEqual({ model: "m", stream });
});

function refusalOf(members: JsonObject): ApiError {
  try {
    readChatCall(chat(members));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("the request was not refused");
}
