/** Small questions to a proxy on this machine, past every HTTP_PROXY. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { get as getSecurely, type RequestOptions } from "node:https";
import { type JsonObject, parseObject } from "../hub/json.ts";

const TIMEOUT = 2_000;
const LIMIT = 1024 * 1024;

/**
 * The JSON object at `url`, or undefined when nothing answers there with status 200 and one.
 * @param certificate the file of the certificate that the proxy must have, for https
 */
export function askProxy(url: string, key?: string, certificate?: string): Promise<JsonObject | undefined> {
  const headers = {
    "anthropic-version": "2023-06-01",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const options = { headers, agent: false, timeout: TIMEOUT, ...(certificate && only(certificate)) };
  return new Promise((resolve) => {
    const request = (url.startsWith("https:") ? getSecurely : get)(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > LIMIT) request.destroy();
      });
      response.on("error", () => resolve(undefined));
      response.on("end", () => resolve(response.statusCode === 200 ? parseObject(text) : undefined));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

/** The version of the aicore proxy at `url`, or undefined when something else, or nothing, is there. */
export async function aicoreVersionAt(url: string, certificate?: string): Promise<string | undefined> {
  const health = await askProxy(`${url}/health`, undefined, certificate);
  return health?.status === "ok" && typeof health.version === "string" ? health.version : undefined;
}

/** Trust in this one certificate, whoever signed it and whatever names it holds. A file that is gone trusts nobody new. */
function only(path: string): RequestOptions {
  try {
    const ca = new X509Certificate(readFileSync(path)).toString();
    return { ca, allowPartialTrustChain: true, checkServerIdentity: () => undefined };
  } catch {
    return {};
  }
}
