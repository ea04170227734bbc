import { AicoreClient } from "../../src/aicore/client.ts";
import { createNetwork, type NetworkOptions } from "../../src/aicore/network.ts";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { Tenant } from "../../src/config/credentials.ts";
import { readServiceKey } from "../../src/config/service-key.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import type { AcceptedKey } from "../../src/keys/api-key.ts";
import { createLogger, type Logger } from "../../src/log.ts";
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from "../../src/proxy/server.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { FrozenBodies } from "./frozen-bodies.ts";

export const KEY = "aicl_the-key-of-these-tests";

/** The local key, unless told otherwise; named like its id. */
export function testKey(secret: string, more: Partial<AcceptedKey> = {}): AcceptedKey {
  const id = more.id ?? "local";
  return { id, name: id, role: "inference", limits: {}, expiresAt: undefined, ...more, secret };
}

/** The proxy with all that stands behind it, up to the network. */
export interface Front {
  proxy: RunningProxy;
  catalog: Catalog;
  client: AicoreClient;
  /** Every line that the proxy logged, at level debug. */
  logged: string[];
  /** `POST path` with the key and a JSON content type; headers may be added or, with undefined, left out. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Response>;
  get(path: string, headers?: Record<string, string | undefined>): Promise<Response>;
  close(): Promise<void>;
}

/** A sandbox, and the proxy in front of it: what a user has, in one process. */
export interface Stack extends Front {
  sandbox: Sandbox;
}

export interface FrontOptions {
  proxy?: Partial<ProxyOptions>;
  resourceGroup?: string;
  network?: NetworkOptions;
}

export interface StackOptions extends FrontOptions {
  sandbox?: SandboxOptions;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const sandbox = await startSandbox(options.sandbox);
  const front = await startFront(sandbox.serviceKey, options);
  return {
    ...front,
    sandbox,
    async close() {
      await front.close();
      await sandbox.close();
    },
  };
}

/** The proxy for the tenant of a service key, or for several: profiles "test", "test-2", …. */
export async function startFront(
  serviceKeys: JsonObject | readonly JsonObject[],
  options: FrontOptions = {},
): Promise<Front> {
  const logged: string[] = [];
  const log: Logger = createLogger("debug", (line) => logged.push(line));
  const network = createNetwork(options.network);
  const [client, ...others] = [serviceKeys].flat().map((serviceKey, at) => {
    const profile = at === 0 ? "test" : `test-${at + 1}`;
    const tenant = tenantOf(serviceKey as JsonObject, profile, options.resourceGroup);
    return new AicoreClient({ tenant, network, log });
  });
  if (!client) throw new Error("no service key");
  const clients = [client, ...others];
  const catalog = new Catalog({ clients, log });
  const proxy = await startProxy({
    port: 0,
    keys: [testKey(KEY)],
    catalog,
    clients,
    log,
    version: "0.0.0-test",
    bodies: new FrozenBodies(),
    ...options.proxy,
  });
  const call = (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string | undefined> = {},
  ) => {
    const all = { "content-type": "application/json", "x-api-key": KEY, ...headers };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    return fetch(proxy.url + path, { method, headers: sent, ...(body === undefined ? {} : { body: text }) });
  };
  return {
    proxy,
    catalog,
    client,
    logged,
    post: (path, body, headers) => call("POST", path, body, headers),
    get: (path, headers) => call("GET", path, undefined, { "content-type": undefined, ...headers }),
    async close() {
      await proxy.close({ drain: 0 });
      await network.close();
    },
  };
}

function tenantOf(serviceKey: JsonObject, profile: string, resourceGroup = "default"): Tenant {
  const { credentials } = readServiceKey(serviceKey, { allowHosts: ["invalid"] });
  return { profile, credentials, source: "AICORE_SERVICE_KEY", resourceGroup, warnings: [] };
}
