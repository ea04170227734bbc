/** What models answer, in the wire formats of their hosts (protocol of Bedrock's and Azure's, as SAP passes them on). */

/** A streamed answer: what opens it, the event that is repeated, and what ends it. */
export interface StreamText {
  opening: string;
  /** Holds `@T` and 20 digits in the text of the model, which every dialect carries through. */
  event: string;
  closing: string;
}

const STAMP = `@T${"0".repeat(20)}`;
const WORDS = "The proxy adds what it must and leaves the rest to the wire. ";

/** Claude's whole answer: 2 KB. */
export function claudeAnswer(): string {
  return JSON.stringify({
    model: "claude-sonnet-4-6",
    id: "msg_bdrk_01AbCdEfGhIjKlMnOpQrStUv",
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: WORDS.repeat(28) }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: 512,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 384,
    },
  });
}

/** Claude's stream on `invoke-with-response-stream`: `data:` lines only. */
export function claudeStream(): StreamText {
  return {
    opening: frames(
      {
        type: "message_start",
        message: {
          model: "claude-sonnet-4-6",
          id: "msg_bdrk_01AbCdEfGhIjKlMnOpQrStUv",
          type: "message",
          role: "assistant",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 512, output_tokens: 1 },
        },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ),
    event: frames({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: `${STAMP} a few words` },
    }),
    closing: frames(
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 384 },
      },
      {
        type: "message_stop",
        "amazon-bedrock-invocationMetrics": {
          inputTokenCount: 512,
          outputTokenCount: 384,
          invocationLatency: 3000,
          firstByteLatency: 400,
        },
      },
    ),
  };
}

/** GPT's stream on `chat/completions`, with the usage that the proxy asks for. */
export function gptStream(): StreamText {
  const chunk = (choices: object[], more: object = {}) => ({
    choices,
    created: 1_793_000_000,
    id: "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz",
    model: "gpt-4.1-2025-04-14",
    object: "chat.completion.chunk",
    system_fingerprint: "fp_0123456789",
    ...more,
  });
  const choice = (delta: object, reason: string | null = null) => ({
    delta,
    finish_reason: reason,
    index: 0,
    logprobs: null,
  });
  const usage = { prompt_tokens: 512, completion_tokens: 384, total_tokens: 896 };
  return {
    opening: frames(chunk([choice({ content: "", role: "assistant", refusal: null })])),
    event: frames(chunk([choice({ content: `${STAMP} a few words` })])),
    closing: `${frames(chunk([choice({}, "stop")]), chunk([], { usage }))}data: [DONE]\n\n`,
  };
}

function frames(...events: object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
}
