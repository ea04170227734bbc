import { incomplete, type OpenedStream } from "./opened-stream.ts";
import type { StreamReply } from "./stream-reply.ts";

/** SAP keeps the socket open for seconds after the last event (protocol 4a.7); it may be reused when it ends by then. */
const LINGER = 5_000;

/**
 * Lets an opened stream flow on from the upstream to the client: one write per chunk, as fast as the client reads
 * and no faster. Resolves when the stream is complete and the client's answer has ended.
 * @param onComplete called before the end of the answer leaves this process, with its length in bytes
 * @throws ApiError when the stream breaks, falls silent, reports an error, or ends without its last event.
 */
export function pump(
  { body, scanner, stream, first }: OpenedStream,
  reply: StreamReply,
  onComplete: (written: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let finished = false;
    let linger: NodeJS.Timeout | undefined;
    /** Writes, and says whether more may come. */
    const tell = (bytes: Buffer): boolean => {
      if (stream.complete) {
        finished = true;
        onComplete(reply.written + bytes.length);
        reply.end(bytes);
        linger = setTimeout(() => body.abort(), LINGER).unref();
        resolve();
        return true;
      }
      const flowing = reply.write(bytes);
      if (scanner.failure === undefined) return flowing;
      finished = true;
      body.abort();
      reject(scanner.failure);
      return true;
    };
    const waitForClient = () => {
      body.pause();
      reply.onceDrained(() => body.resume());
    };
    const flowing = tell(first);
    body.flowInto({
      data(chunk) {
        if (!finished && !tell(scanner.push(chunk))) waitForClient();
      },
      end() {
        clearTimeout(linger);
        if (!finished && tell(scanner.end()) && !finished) reject(incomplete());
      },
      error(error) {
        clearTimeout(linger);
        if (!finished) reject(error);
      },
    });
    if (!flowing) waitForClient();
  });
}
