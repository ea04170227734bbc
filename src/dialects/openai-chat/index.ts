import type { Codec } from "../codec.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeRequest } from "./decode-request.ts";
import { ChatDecoder } from "./decode-stream.ts";
import { encodeAnswer } from "./encode-answer.ts";
import { encodeRequest } from "./encode-request.ts";
import { ChatEncoder } from "./encode-stream.ts";

/**
 * Chat Completions ⇄ hub.
 * @param now milliseconds since 1970, read once an answer and once a stream
 */
export function chatCodec(now: () => number): Codec {
  const seconds = () => Math.floor(now() / 1000);
  return {
    name: "openai-chat",
    decodeRequest,
    encodeRequest,
    decodeAnswer,
    encodeAnswer: (answer, request) => encodeAnswer(answer, request, seconds()),
    decodeStream: () => new ChatDecoder(),
    encodeStream: (request) => new ChatEncoder(request, seconds()),
  };
}

export const openaiChat: Codec = chatCodec(Date.now);
