/** Bad input, a line each: 400 with the path of the field (security B13–B18). */
import { expect, test } from "vitest";
import { ApiError } from "../../../src/errors.ts";
import { decode } from "./hub.ts";

const part = (one: unknown) => ({ contents: [{ role: "user", parts: [one] }] });
const OK = part({ text: "hi" });
const config = (generationConfig: unknown) => ({ ...OK, generationConfig });

test.each<[unknown, string]>([
  [{}, "contents: contents is not specified"],
  [{ contents: [] }, "contents: contents is not specified"],
  [{ contents: "hi" }, "contents: contents is not specified"],
  [{ contents: ["hi"] }, "contents[0]: must be an object"],
  [
    { contents: [{ role: "assistant", parts: [] }] },
    "contents[0].role: please use a valid role: user, model",
  ],
  [{ contents: [{ role: "user", parts: {} }] }, "contents[0].parts: must be a list of parts"],
  [part("hi"), "contents[0].parts[0]: must be an object"],
  [part({}), "contents[0].parts[0].data: required oneof field"],
  [part({ text: 1 }), "contents[0].parts[0].text: must be a string"],
  [part({ text: "a", thoughtSignature: 1 }), "contents[0].parts[0].thoughtSignature: must be"],
  [part({ inlineData: "x" }), "contents[0].parts[0].inlineData: must be an object"],
  [part({ inlineData: { data: "AAAA" } }), "contents[0].parts[0].inlineData.mimeType: must be a media type"],
  [
    part({ inline_data: { mime_type: "image/png" } }),
    "contents[0].parts[0].inlineData.data: must be valid base64",
  ],
  [
    part({ inlineData: { mimeType: "image/png", data: "%" } }),
    "contents[0].parts[0].inlineData.data: must be",
  ],
  [
    part({ inlineData: { mimeType: "audio/mp3", data: "AAAA" } }),
    "contents[0].parts[0].inlineData.mimeType: audio/mp3 is",
  ],
  [part({ fileData: {} }), "contents[0].parts[0].fileData.fileUri: must be a non-empty string"],
  [part({ functionCall: {} }), "contents[0].parts[0].functionCall.name: must be a non-empty string"],
  [
    part({ functionCall: { name: "a", args: "{}" } }),
    "contents[0].parts[0].functionCall.args: must be an object",
  ],
  [
    part({ functionResponse: { name: "a", response: "1" } }),
    "contents[0].parts[0].functionResponse.response: must",
  ],
  [
    part({ functionResponse: { name: "a", parts: [{ inlineData: { mimeType: "image/png" } }] } }),
    "contents[0].parts[0].functionResponse.parts[0].inlineData.data: must be valid base64",
  ],
  [{ ...OK, systemInstruction: "x" }, "systemInstruction: must be a content object"],
  [
    { ...OK, systemInstruction: { parts: [{ text: 1 }] } },
    "systemInstruction.parts[0].text: must be a string",
  ],
  [{ ...OK, tools: {} }, "tools: must be a list"],
  [{ ...OK, tools: [1] }, "tools[0]: must be an object"],
  [{ ...OK, tools: [{ functionDeclarations: {} }] }, "tools[0].functionDeclarations: must be a list"],
  [
    { ...OK, tools: [{ function_declarations: [{}] }] },
    "tools[0].functionDeclarations[0].name: must be a non-empty",
  ],
  [config([]), "generationConfig: must be an object"],
  [config({ maxOutputTokens: 0 }), "generationConfig.maxOutputTokens: must be an integer"],
  [config({ max_output_tokens: 1.5 }), "generationConfig.maxOutputTokens: must be an integer"],
  [config({ maxOutputTokens: "10" }), "generationConfig.maxOutputTokens: must be an integer"],
  [
    config({ maxOutputTokens: Number.POSITIVE_INFINITY }),
    "generationConfig.maxOutputTokens: must be an integer",
  ],
  [config({ temperature: "1" }), "generationConfig.temperature: must be a number"],
  [config({ stopSequences: [1] }), "generationConfig.stopSequences: must be a list of strings"],
])("%o", (body, message) => {
  const refused = () => decode(body);
  expect(refused).toThrow(message);
  expect(refused).toThrow(ApiError);
});
