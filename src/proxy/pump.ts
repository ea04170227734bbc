import type { AnswerBody } from "../aicore/answer.ts";
import { ApiError } from "../errors.ts";
import type { Scanner } from "../stream/scanner.ts";
import type { StreamReply } from "./stream-reply.ts";

/** SAP keeps the socket open for seconds after the last event (protocol 4a.7); it may be reused when it ends by then. */
const LINGER = 5_000;

/**
 * Lets a streamed answer flow from the upstream to the client: one write per chunk, as fast as the client reads
 * and no faster. Resolves when the stream is complete and the client's answer has ended.
 * @throws ApiError when the stream breaks, falls silent, reports an error, or ends without its last event.
 */
export function pump(
  body: AnswerBody,
  scanner: Scanner,
  stream: { readonly complete: boolean },
  reply: StreamReply,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let finished = false;
    body.flowInto({
      data(chunk) {
        if (finished) return;
        const flowing = reply.write(scanner.push(chunk));
        if (stream.complete) {
          finished = true;
          reply.end();
          setTimeout(() => body.abort(), LINGER).unref();
          resolve();
        } else if (scanner.failure !== undefined) {
          finished = true;
          body.abort();
          reject(scanner.failure);
        } else if (!flowing) {
          body.pause();
          reply.onceDrained(() => body.resume());
        }
      },
      end() {
        if (finished) return;
        reply.write(scanner.end());
        if (!stream.complete) {
          reject(scanner.failure ?? incomplete());
          return;
        }
        reply.end();
        resolve();
      },
      error(error) {
        if (!finished) reject(error);
      },
    });
  });
}

function incomplete(): ApiError {
  return new ApiError(502, "The upstream ended the stream before the answer was complete.", {
    reason: "incomplete_stream",
  });
}
