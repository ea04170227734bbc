/** Small questions to a proxy on this machine, past every HTTP_PROXY. */
import { get } from "node:http";
import { isObject, type JsonObject } from "../hub/json.ts";

const TIMEOUT = 2_000;
const LIMIT = 1024 * 1024;

/** The JSON object at `url`, or undefined when nothing answers there with status 200 and one. */
export function askProxy(url: string, key?: string): Promise<JsonObject | undefined> {
  const headers = {
    "anthropic-version": "2023-06-01",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return new Promise((resolve) => {
    const request = get(url, { headers, agent: false, timeout: TIMEOUT }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > LIMIT) request.destroy();
      });
      response.on("error", () => resolve(undefined));
      response.on("end", () => resolve(response.statusCode === 200 ? objectIn(text) : undefined));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

/** The version of the aicore proxy at `url`, or undefined when something else, or nothing, is there. */
export async function aicoreVersionAt(url: string): Promise<string | undefined> {
  const health = await askProxy(`${url}/health`);
  return health?.status === "ok" && typeof health.version === "string" ? health.version : undefined;
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
