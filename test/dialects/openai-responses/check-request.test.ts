/** Bad input of Responses clients: a 400 that begins with the path of the field (security B10–B18). */
import { describe, expect, test } from "vitest";
import { readResponsesCall } from "../../../src/dialects/openai-responses/check-request.ts";
import { ApiError } from "../../../src/errors.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { frozen, PNG, PNG_URL } from "../openai-chat/frozen.ts";

const request = (members: { [key: string]: Json }): JsonObject =>
  frozen({ model: "m", input: "Hi", ...members });
const parts = (...content: Json[]) => ({ input: [{ role: "user", content }] });
const image = (image_url: Json) => parts({ type: "input_image", image_url });

describe("refused", () => {
  test.each<[members: { [key: string]: Json }, message: string]>([
    [{ model: null }, "model: Field required"],
    [{ model: 5 }, "model: Input should be a valid string"],
    [{ model: "a\nb" }, "model: must match"],
    [{ max_output_tokens: 0 }, "max_output_tokens: Input should be a valid integer"],
    [{ max_output_tokens: 1.5 }, "max_output_tokens: "],
    [{ max_output_tokens: "10" }, "max_output_tokens: "],
    [{ stream: "true" }, "stream: Input should be a valid boolean"],
    [{ input: null }, "input: Field required"],
    [{ input: 5 }, "input: Input should be a valid string or a list of items"],
    [{ input: ["Hi"] }, "input.0: Input should be an object"],
    [{ input: [{ role: "robot", content: "Hi" }] }, "input.0.role: "],
    [{ input: [{ type: "message", content: "Hi" }] }, "input.0.role: "],
    [{ input: [{ role: "user", content: null }] }, "input.0.content: "],
    [parts({ type: "input_text" }), "input.0.content.0.text: Field required"],
    [image(null), "input.0.content.0.image_url: Field required"],
    [image("file:///etc/passwd"), "input.0.content.0.image_url: Input should be a data: or https: URL"],
    [image("data:image/png;base64,%%%%"), "input.0.content.0.image_url: Input should be valid base64"],
    [image(`data:image/tiff;base64,${PNG}`), "input.0.content.0.image_url: the media type should be"],
    [
      parts({ type: "input_file", file_data: "hello" }),
      "input.0.content.0.file_data: Input should be a data: URL",
    ],
    [
      parts({ type: "input_file", file_data: `data:video/mp4;base64,${PNG}` }),
      "input.0.content.0.file_data: the media",
    ],
    [
      {
        input: [
          { type: "function_call_output", call_id: "a", output: [{ type: "input_image", image_url: "x" }] },
        ],
      },
      "input.0.output.0.image_url: ",
    ],
    [{ tools: {} }, "tools: Input should be a valid list"],
    [{ tools: ["f"] }, "tools.0: Input should be an object"],
  ])("%j", (members, message) => {
    const attempt = () => readResponsesCall(request(members));
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(ApiError);
  });
});

test.each<{ [key: string]: Json }>([
  {},
  { input: [] },
  { input: null, previous_response_id: "resp_1" },
  { input: [{ role: "assistant", content: null }] },
  { input: [{ type: "novelty", content: 5 }] },
  parts({ type: "novelty" }),
  image(PNG_URL),
  image({ url: "https://x.test/a.png" }),
  parts({ type: "input_image", file_id: "file-1" }),
  parts({ type: "input_file", file_id: "file-1" }),
  { tools: [{ type: "novelty" }], max_output_tokens: null },
])("taken: %j", (members) => {
  expect(readResponsesCall(request(members))).toEqual({ model: "m", stream: false });
});
