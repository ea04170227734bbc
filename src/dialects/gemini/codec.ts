import type { Codec } from "../codec.ts";
import { decodeAnswer, encodeAnswer } from "./answer.ts";
import { decodeRequest } from "./decode-request.ts";
import { GeminiDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { GeminiEncoder } from "./encode-stream.ts";

/** Google's `generateContent` and `streamGenerateContent` ⇄ hub. Model and stream are in the path, not in the body. */
export const geminiCodec: Codec = {
  name: "gemini",
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  decodeStream: () => new GeminiDecoder(),
  encodeStream: (request) => new GeminiEncoder(request),
};
