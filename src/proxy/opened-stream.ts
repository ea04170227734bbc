import type { AnswerBody } from "../aicore/answer.ts";
import { ApiError } from "../errors.ts";
import type { AnswerStream, Scanner } from "../stream/scanner.ts";

/** A streamed answer, read up to the first bytes that its client will get, and paused there. */
export interface OpenedStream<S extends AnswerStream = AnswerStream> {
  body: AnswerBody;
  scanner: Scanner;
  stream: S;
  first: Buffer;
}

/**
 * Waits for a stream's first bytes: an upstream that fails with its first event has refused the request, whatever its
 * status said (security F28), and another target may still be asked.
 * @throws ApiError when the stream breaks, reports an error or ends before it has said anything.
 */
export function openStream<S extends AnswerStream>(
  body: AnswerBody,
  scanner: Scanner,
  stream: S,
): Promise<OpenedStream<S>> {
  return new Promise((resolve, reject) => {
    const settle = (first: Buffer) => {
      if (first.length > 0 || stream.complete) resolve({ body, scanner, stream, first });
      else if (scanner.failure !== undefined) reject(scanner.failure);
      else return false;
      return true;
    };
    body.flowInto({
      data(chunk) {
        if (!settle(scanner.push(chunk))) return;
        if (scanner.failure === undefined) body.pause();
        else body.abort();
      },
      end() {
        if (!settle(scanner.end())) reject(incomplete());
      },
      error: reject,
    });
  });
}

/** The upstream closed the stream in good order, without the event that ends an answer. */
export function incomplete(): ApiError {
  return new ApiError(502, "The upstream ended the stream before the answer was complete.", {
    reason: "incomplete_stream",
  });
}
