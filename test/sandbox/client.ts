/** The plainest possible client of a sandbox: undici, no retries, no redirects, nothing added. */
import { type Dispatcher, request } from "undici";
import { isObject, type JsonObject } from "../../src/hub/json.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";

export interface Reply {
  status: number;
  headers: Dispatcher.ResponseData["headers"];
  text: string;
  /** The body as a JSON object; empty when it is none. */
  json: JsonObject;
}

export interface CallOptions {
  method?: Dispatcher.HttpMethod;
  group?: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

type TokenOptions = CallOptions & { token?: string };

/** The answer with its body still to be read. */
function open(url: string, options: TokenOptions = {}): Promise<Dispatcher.ResponseData> {
  const { method = "GET", group, headers = {}, body, token, signal } = options;
  return request(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(group === undefined ? {} : { "ai-resource-group": group }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

export async function send(url: string, options: TokenOptions = {}): Promise<Reply> {
  const answer = await open(url, options);
  // Not `text()`: it would swallow a byte-order mark.
  const text = Buffer.from(await answer.body.arrayBuffer()).toString();
  return { status: answer.statusCode, headers: answer.headers, text, json: objectIn(text) };
}

function objectIn(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export async function fetchToken({ url, serviceKey }: Sandbox): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: String(serviceKey.clientid),
    client_secret: String(serviceKey.clientsecret),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { json } = await send(`${url}/oauth/token`, { method: "POST", headers, body: form.toString() });
  return String(json.access_token);
}

/** A sandbox with a token at hand. */
export class Client {
  readonly sandbox: Sandbox;
  readonly token: string;

  constructor(sandbox: Sandbox, token: string) {
    this.sandbox = sandbox;
    this.token = token;
  }

  static async of(sandbox: Sandbox): Promise<Client> {
    return new Client(sandbox, await fetchToken(sandbox));
  }

  /** Below `/v2`, in group `default` unless told otherwise. */
  call(path: string, options: CallOptions = {}): Promise<Reply> {
    return send(`${this.sandbox.url}/v2${path}`, { group: "default", token: this.token, ...options });
  }

  /** Like `call`, with the body still to be read. */
  open(path: string, options: CallOptions = {}): Promise<Dispatcher.ResponseData> {
    return open(`${this.sandbox.url}/v2${path}`, { group: "default", token: this.token, ...options });
  }

  /** The id of a deployment that runs this model. */
  async deploymentOf(model: string, group = "default"): Promise<string> {
    const { json } = await this.call("/lm/deployments?status=RUNNING", { group });
    const rows = Array.isArray(json.resources) ? json.resources.filter(isObject) : [];
    const found = rows.find((row) => JSON.stringify(row).includes(`"${model}"`));
    if (found === undefined) throw new Error(`no deployment of ${model}`);
    return String(found.id);
  }

  async invoke(model: string, body: unknown, options: CallOptions = {}): Promise<Reply> {
    const id = await this.deploymentOf(model, options.group);
    return this.call(`/inference/deployments/${id}/invoke`, { method: "POST", body, ...options });
  }
}

/** The events of an SSE text, however it is framed. */
export function eventsIn(text: string): JsonObject[] {
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n\r?\n/)
    .map((frame) => [...frame.matchAll(/^data: ?(.*)$/gm)].map((match) => match[1]).join("\n"))
    .filter((data) => data !== "")
    .map((data) => JSON.parse(data) as JsonObject);
}
