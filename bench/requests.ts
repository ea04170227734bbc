/** What is asked, in the words of each client and of the upstream itself. */

/** A body without what only the proxy reads or only the upstream: `toClient` and `toUpstream` add that. */
export type Body = Record<string, unknown>;

const VERSION = { anthropic_version: "bedrock-2023-05-31" };
const QUESTION = "What does a proxy add to a request, and what does it leave to the wire? ".repeat(24);

/** Of 2 KB. */
export function shortMessages(): Body {
  return { max_tokens: 1024, messages: [{ role: "user", content: QUESTION }] };
}

export function shortChat(): Body {
  return { messages: [{ role: "user", content: QUESTION }] };
}

export function shortResponses(): Body {
  return { input: [{ role: "user", content: [{ type: "input_text", text: QUESTION }] }] };
}

/** The body as a client sends it. */
export function toClient(body: Body, model: string, stream: boolean): Body {
  return { model, ...body, stream };
}

/** The body as Claude's host takes it. */
export function toBedrock(body: Body): Body {
  return { ...body, ...VERSION };
}

/** One HTTP/1.1 request, ready to be sent. The key is the proxy's; the others do not look at it. */
export function httpRequest(port: number, path: string, key: string, body: Body): Buffer {
  const bytes = Buffer.from(JSON.stringify(body));
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `x-api-key: ${key}`,
    "anthropic-version: 2023-06-01",
    `content-length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes]);
}
