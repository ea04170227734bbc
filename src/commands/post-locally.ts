import { request } from "node:http";
import type { JsonObject } from "../hub/json.ts";

const TIMEOUT = 120_000;

export interface Reply {
  /** 0 when no answer came; then `text` says why. */
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
  /** Milliseconds to the first byte of the body, and to its end. */
  firstByte: number;
  duration: number;
}

/** Posts JSON to a proxy on this machine, past every HTTP_PROXY. A call that fails is a reply too. */
export function postLocally(
  url: string,
  { key, body, signal }: { key: string; body: JsonObject; signal: AbortSignal | undefined },
): Promise<Reply> {
  const began = performance.now();
  const since = () => Math.round(performance.now() - began);
  return new Promise((resolve) => {
    const failed = (error: Error) =>
      resolve({ status: 0, headers: {}, text: error.message, firstByte: since(), duration: since() });
    const call = request(url, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-api-key": key },
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT), ...(signal ? [signal] : [])]),
    });
    call.on("error", failed);
    call.on("response", (response) => {
      const headers = response.headers as Record<string, string | undefined>;
      let text = "";
      let firstByte = 0;
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        firstByte ||= since();
        text += chunk;
      });
      response.on("error", failed);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers, text, firstByte, duration: since() }),
      );
    });
    call.end(JSON.stringify(body));
  });
}
