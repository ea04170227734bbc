import type { ClientDialect } from "../dialects/client.ts";
import type { ApiError } from "../errors.ts";
import { frameOf } from "../stream/frames.ts";
import { inStream } from "./failure.ts";
import type { StreamWords } from "./stream-reply.ts";

/** What a stream says on the proxy's own account, in the dialect of its client. */
export function streamWords({ ping, errorFrames }: ClientDialect, requestId: string): StreamWords {
  return {
    ping: Buffer.from(ping),
    errorFrame(error: ApiError) {
      const frames = errorFrames(inStream(error), requestId);
      return Buffer.concat(frames.map(({ event, data }) => frameOf(event, data)));
    },
  };
}
