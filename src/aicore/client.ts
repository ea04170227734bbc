import type { Tenant } from "../config/credentials.ts";
import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import type { Logger } from "../log.ts";
import type { Answer } from "./answer.ts";
import type { Clock } from "./clock.ts";
import type { Deployment } from "./deployment.ts";
import { readUpstreamError } from "./errors.ts";
import type { Network } from "./network.ts";
import type { StopSignal } from "./stop-signal.ts";
import { TokenSource } from "./token.ts";
import { send } from "./transport.ts";

export interface AicoreClientOptions {
  tenant: Tenant;
  network: Network;
  log: Logger;
  clock?: Clock;
}

export interface ManageOptions {
  query?: Record<string, string | number | undefined>;
  body?: JsonObject;
  /** Default: the tenant's; calls under `/admin` carry a group only when it is given here. */
  resourceGroup?: string | undefined;
  signal?: StopSignal | undefined;
}

export interface Inference {
  deployment: Deployment;
  /** Below the deployment's URL: `/invoke`, `/chat/completions?api-version=…`. */
  path: string;
  /** Default POST; the others are for what an upstream has stored. */
  method?: "POST" | "GET" | "DELETE";
  /** JSON. */
  body?: Buffer | string;
  /** Default `application/json`. */
  accept?: string | undefined;
  signal?: StopSignal | undefined;
  /** Milliseconds to wait for the head of the answer, and of silence inside it. Default: the transport's. */
  idleTimeout?: number | undefined;
}

export interface InferenceAnswer extends Answer {
  /** Drops the token that this call was made with: for a 401, before the call is made once more. */
  forgetToken(): void;
}

const MANAGE_TIMEOUT = 60_000;
const PROBE_TIMEOUT = 2_000;
const MANAGE_LIMIT = 32 * 1024 * 1024;
const CLIENT_TYPE = "aicore";

interface Reply {
  answer: Answer;
  text: string;
  token: string;
}

/** SAP AI Core over HTTP, for one tenant. Nothing that a client sent reaches the headers. */
export class AicoreClient {
  readonly tenant: Tenant;
  readonly token: TokenSource;
  readonly log: Logger;
  readonly #network: Network;
  readonly #origin: string;
  /** By their text; as many as the tenant has had deployments. */
  readonly #deploymentUrls = new Map<string, URL>();
  #sendsTenantId = false;

  constructor(options: AicoreClientOptions) {
    const { tenant, network, log, clock } = options;
    this.tenant = tenant;
    this.log = log;
    this.#network = network;
    this.#origin = new URL(tenant.credentials.apiUrl).origin;
    this.token = new TokenSource({ credentials: tenant.credentials, network, log, ...(clock && { clock }) });
  }

  /**
   * A call of the management API, `path` below `/v2`, such as `/lm/deployments`. A 401 is answered once with a new
   * token; "missing tenant id" once with `AI-Tenant-Id`, which is then sent with every call.
   * @returns the JSON object of the answer, `{}` for an empty one.
   * @throws ApiError: what SAP refused (origin "upstream"), what the token source or the transport throws.
   */
  async manage(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    options: ManageOptions = {},
  ): Promise<JsonObject> {
    const ask = () => this.#ask(method, path, options);
    let reply = await ask();
    if (reply.answer.status === 401) {
      this.token.invalidate(reply.token);
      reply = await ask();
    }
    if (this.#wantsTenantId(reply)) {
      this.#sendsTenantId = true;
      reply = await ask();
    }
    const { status, headers } = reply.answer;
    if (status < 200 || status >= 300) throw readUpstreamError(status, headers, reply.text);
    return parseReply(reply.text, `${method} ${path}`);
  }

  /**
   * One call of a model, sent once. Any HTTP status resolves; the body is paused.
   * @throws ApiError when there is no token, when no answer came, or (502, reason "foreign_deployment_url") when the
   * deployment's URL is not on the host of the service key, for a token must not travel elsewhere.
   */
  async infer(call: Inference): Promise<InferenceAnswer> {
    const url = this.#urlOf(call.deployment);
    const token = this.token.atHand() ?? (await this.token.get());
    const headers = this.#headers(token, call.deployment.resourceGroup);
    headers["content-type"] = "application/json";
    if (call.accept !== undefined) headers.accept = call.accept;
    const answer = await send(this.#network, {
      url,
      path: url.pathname + call.path,
      method: call.method ?? "POST",
      headers,
      body: call.body,
      signal: call.signal,
      headersTimeout: call.idleTimeout,
      bodyTimeout: call.idleTimeout,
    });
    const { status, headers: told, body } = answer;
    return { status, headers: told, body, forgetToken: () => this.token.invalidate(token) };
  }

  /** Whether anything at all answers at the host, the token left at home. */
  async answers(): Promise<boolean> {
    try {
      const url = `${this.tenant.credentials.apiUrl}/`;
      const { body } = await send(this.#network, {
        url,
        method: "GET",
        headers: {},
        headersTimeout: PROBE_TIMEOUT,
      });
      body.abort();
      return true;
    } catch {
      return false;
    }
  }

  /** Whether a URL is on the host that the service key names. */
  owns(url: string): boolean {
    return URL.canParse(url) && new URL(url).origin === this.#origin;
  }

  /** Parsed and looked at once for each deployment that the catalogue found. */
  #urlOf({ id, url }: Deployment): URL {
    const known = this.#deploymentUrls.get(url);
    if (known) return known;
    if (!this.owns(url)) {
      throw new ApiError(502, `The URL of deployment ${id} is not on the host of the service key.`, {
        reason: "foreign_deployment_url",
      });
    }
    const parsed = new URL(url);
    this.#deploymentUrls.set(url, parsed);
    return parsed;
  }

  async #ask(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    options: ManageOptions,
  ): Promise<Reply> {
    const token = await this.token.get();
    const group =
      options.resourceGroup ?? (path.startsWith("/admin/") ? undefined : this.tenant.resourceGroup);
    const answer = await send(this.#network, {
      url: `${this.tenant.credentials.apiUrl}/v2${path}${queryOf(options.query)}`,
      method,
      headers: {
        ...this.#headers(token, group),
        ...(options.body && { "content-type": "application/json" }),
      },
      body: options.body && JSON.stringify(options.body),
      signal: options.signal,
      headersTimeout: MANAGE_TIMEOUT,
      bodyTimeout: MANAGE_TIMEOUT,
    });
    return { answer, text: await answer.body.text(MANAGE_LIMIT), token };
  }

  #headers(token: string, resourceGroup: string | undefined): Record<string, string> {
    const { tenantId } = this.tenant.credentials;
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      "ai-client-type": CLIENT_TYPE,
      "accept-encoding": "identity",
      accept: "application/json",
    };
    if (resourceGroup !== undefined) headers["ai-resource-group"] = resourceGroup;
    if (this.#sendsTenantId && tenantId) headers["ai-tenant-id"] = tenantId;
    return headers;
  }

  /** Some landscapes refuse calls without `AI-Tenant-Id` (pjq/sap-ai-core-llm-proxy, 2026); most do not know it. */
  #wantsTenantId({ answer, text }: Reply): boolean {
    const { tenantId } = this.tenant.credentials;
    return !this.#sendsTenantId && !!tenantId && answer.status >= 400 && /missing tenant id/i.test(text);
  }
}

/** `$top` and its like stay as they are: SAP's documentation writes them so. */
function queryOf(query: ManageOptions["query"] = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

function parseReply(text: string, call: string): JsonObject {
  if (text.trim() === "") return {};
  try {
    const json: unknown = JSON.parse(text);
    if (isObject(json)) return json;
  } catch {
    // Told below, like JSON that is no object.
  }
  throw new ApiError(502, `SAP AI Core answered ${call} with something that is not a JSON object.`, {
    origin: "upstream",
    reason: "bad_answer",
  });
}
