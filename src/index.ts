/**
 * aicore as a library: the same parts that the command line is made of. Credentials are arguments; nothing here reads
 * the environment or the keychain.
 *
 * ```ts
 * const { credentials } = parseServiceKey(await readFile("key.json", "utf8"));
 * const network = createNetwork();
 * const tenant = { profile: "mine", credentials, source: "AICORE_SERVICE_KEY", resourceGroup: "default", warnings: [] };
 * const client = new AicoreClient({ tenant, network, log: silentLogger });
 * const catalog = new Catalog({ clients: [client], log: silentLogger });
 * const proxy = await startProxy({ port: 0, keys: [unlimitedKey("local", "secret")], catalog, clients: [client], log: silentLogger, version: "1" });
 * ```
 */
export { AicoreClient, type AicoreClientOptions } from "./aicore/client.ts";
export type { Deployment } from "./aicore/deployment.ts";
export { listDeployments } from "./aicore/deployments.ts";
export { createNetwork, type Network, type NetworkOptions } from "./aicore/network.ts";
export { Catalog, type CatalogOptions } from "./catalog/catalog.ts";
export type { Model } from "./catalog/model.ts";
export type { Credentials, Tenant } from "./config/credentials.ts";
export { parseServiceKey } from "./config/service-key.ts";
export * from "./errors.ts";
export { unlimitedKey } from "./keys/accepted.ts";
export type { AcceptedKey } from "./keys/api-key.ts";
export { createLogger, type Logger, silentLogger } from "./log.ts";
export { type Proxy, type ProxyOptions, startProxy } from "./proxy/server.ts";
