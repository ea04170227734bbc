import { lookup } from "node:dns/promises";
import { AicoreClient } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { createNetwork, type Network } from "../aicore/network.ts";
import { listAll } from "../aicore/pages.ts";
import { send } from "../aicore/transport.ts";
import type { Tenant } from "../config/credentials.ts";
import { checkNetworkEnvironment, type NetworkEnvironment } from "../config/network.ts";
import { type Paths, pathsFor } from "../config/paths.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { listSources, type ResolveOptions, resolveTenant } from "../config/sources.ts";
import type { JsonObject } from "../hub/json.ts";
import type { Logger } from "../log.ts";

/** A proxy of ours, as its note in the state folder tells. */
export interface RunningProxy {
  url: string;
  port: number;
  pid: number;
  version: string;
}

/** What the command gives: the world outside, and what belongs to commands. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  cwd: string;
  version: string;
  log: Logger;
  /** Where credentials are looked for. */
  resolveOptions(settings: Settings): ResolveOptions;
  proxies(paths: Paths): RunningProxy[];
  /** The key of the local proxy. @throws CredentialsError when others can read it. */
  localKey(paths: Paths): string | undefined;
  /** The JSON object at a URL of a proxy on this machine, when it answers 200 with one. */
  askProxy(url: string, key?: string): Promise<JsonObject | undefined>;
  /** Default: the system's. */
  resolveHost?(host: string): Promise<unknown>;
}

/** Any HTTP answer: name, way and TLS are good, and its clock is known. */
export interface Probe {
  status: number;
  /** The `Date` header, as it came. */
  date: string | undefined;
  /** Milliseconds since the epoch, by our clock, when the answer came. */
  at: number;
}

const PROBE_TIMEOUT = 10_000;

/**
 * What the checks look at. Everything is found out at its first use, once however many ask, and fails as its parts
 * do: each method throws or rejects with their errors.
 */
export class Facts {
  readonly given: Surroundings;
  readonly paths = once(() => pathsFor(this.given.env));
  readonly settings = once(() => loadSettings(this.given.env, this.paths()));
  readonly sources = once(() => listSources(this.given.resolveOptions(this.settings())));
  readonly tenant = once((): Promise<Tenant> => resolveTenant(this.given.resolveOptions(this.settings())));
  readonly networkEnvironment = once(
    (): NetworkEnvironment => checkNetworkEnvironment(this.given.env, this.settings().value("tls.caFile")),
  );
  readonly client = once(async (): Promise<AicoreClient> => {
    return new AicoreClient({ tenant: await this.tenant(), network: this.network(), log: this.given.log });
  });
  /** Of every status, in the resource groups that are used. */
  readonly deployments = once(async (): Promise<Deployment[]> => {
    const client = await this.client();
    const groups = await this.groups();
    const found = groups.map((resourceGroup) => listDeployments(client, { resourceGroup }));
    return (await Promise.all(found)).flat();
  });
  /** As SAP lists them: `resourceGroupId`, `status`, `servicePlan`. */
  readonly resourceGroups = once(async () => await listAll(await this.client(), "/admin/resourceGroups"));
  /** The models that could be deployed, as SAP lists them. */
  readonly catalogue = once(async () => {
    return await listAll(await this.client(), "/lm/scenarios/foundation-models/models");
  });
  readonly #probes = new Map<string, Promise<Probe>>();
  #network: Network | undefined;

  constructor(given: Surroundings) {
    this.given = given;
  }

  /** The resource groups whose models are served. */
  async groups(): Promise<string[]> {
    const { resourceGroup, resourceGroups } = await this.tenant();
    return resourceGroups ?? [resourceGroup];
  }

  network(): Network {
    this.#network ??= createNetwork(this.networkEnvironment());
    return this.#network;
  }

  /** One unauthenticated GET, whatever the answer to it is. */
  probe(url: string): Promise<Probe> {
    const known = this.#probes.get(url) ?? this.#ask(url);
    this.#probes.set(url, known);
    return known;
  }

  async resolveHost(host: string): Promise<void> {
    await (this.given.resolveHost ?? lookup)(host);
  }

  async close(): Promise<void> {
    await this.#network?.close();
  }

  async #ask(url: string): Promise<Probe> {
    const { secret, tokenUrl } = (await this.tenant()).credentials;
    const network =
      secret.kind === "certificate" && url === tokenUrl
        ? this.network().withCertificate(secret)
        : this.network();
    const { status, headers, body } = await send(network, {
      url,
      method: "GET",
      headers: { accept: "application/json", "accept-encoding": "identity" },
      headersTimeout: PROBE_TIMEOUT,
      bodyTimeout: PROBE_TIMEOUT,
    });
    const at = Date.now();
    body.abort();
    return { status, date: headers.date, at };
  }
}

/** A method whose first result is its only one; what throws is tried again, a promise that rejected is not. */
function once<T>(find: () => T): () => T {
  let found: { value: T } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
