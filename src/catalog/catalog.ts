import type { AicoreClient } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { ORCHESTRATION } from "../aicore/executables.ts";
import { ApiError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type Model, modelsOf } from "./model.ts";
import { modelsThroughOrchestration } from "./offer.ts";
import { type Resolution, resolveModel } from "./resolve.ts";

export interface CatalogOptions {
  /** One for each tenant; their deployments of one model stand together. */
  clients: readonly AicoreClient[];
  /** The user's own names for models; see `resolveModel`. */
  aliases?: Readonly<Record<string, string>>;
  strict?: boolean;
  log: Logger;
  /** Milliseconds. Default: 5 minutes. */
  refreshEvery?: number;
  /** Whether models without a deployment of their own are offered through a RUNNING orchestration deployment; default. */
  throughOrchestration?: boolean;
  /** The id of the one deployment to offer, where it is to be tried by itself. */
  only?: string;
  now?: () => number;
}

/** What one tenant was found to have. */
interface Found {
  deployments: Deployment[];
  offered: string[];
}

const REFRESH_EVERY = 300_000;
const RETRY_AFTER_FAILURE = 30_000;
const MISS_REST = 5_000;
const MOST_NAMES = 1_000;

/** What can be asked for: the tenants' RUNNING deployments, looked up again every five minutes and after a miss. */
export class Catalog {
  readonly #options: CatalogOptions;
  readonly #now: () => number;
  readonly #found = new Map<AicoreClient, Found>();
  #aliases: Readonly<Record<string, string>>;
  #strict: boolean;
  #models: Model[] = [];
  #standIns: Readonly<Record<string, string>> = {};
  /** What names led to, since the last change of anything that decides it. */
  readonly #resolutions = new Map<string, Resolution>();
  #nextRefresh = 0;
  #lastMiss = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;
  /** Settles with the first tenant of that flight that could be read. */
  #first: Promise<void> | undefined;

  constructor(options: CatalogOptions) {
    this.#options = options;
    this.#aliases = options.aliases ?? {};
    this.#strict = options.strict ?? false;
    this.#now = options.now ?? Date.now;
  }

  /** Changes what names lead to, for requests from now on. */
  useAliases(aliases: Readonly<Record<string, string>>, strict: boolean): void {
    this.#aliases = aliases;
    this.#strict = strict;
    this.#resolutions.clear();
  }

  /** Whether any tenant could be read yet. */
  get ready(): boolean {
    return this.#found.size > 0;
  }

  models(): Model[] {
    return this.#models;
  }

  /**
   * Has models answer to names that a tool asks for by itself, where those lead nowhere else: `*` names to ids. It is
   * told in the log like a missing Claude version, and `strict` turns it off as well.
   */
  standIn(names: Readonly<Record<string, string>>): void {
    this.#standIns = names;
    this.#resolutions.clear();
  }

  /** Every RUNNING deployment, those without a model too. */
  deployments(): Deployment[] {
    return [...this.#found.values()].flatMap((found) => found.deployments);
  }

  /**
   * Looks up all tenants anew, once however many ask. A tenant that fails keeps what it had.
   * @throws ApiError (of the first tenant) when not one could be read.
   */
  refresh(): Promise<void> {
    this.#flight ??= this.#discover().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  /** A refresh because something was not there: at most one in five seconds, and a failure is only logged. */
  async refreshAfterMiss(): Promise<void> {
    if (this.#now() - this.#lastMiss < MISS_REST) return this.#flight?.catch(() => {});
    this.#lastMiss = this.#now();
    await this.refresh().catch(() => {});
  }

  /**
   * Renews a stale list in the background; waits only where there is none.
   * @throws what `refresh` does, while no tenant could be read at all.
   */
  async ensureFresh(): Promise<void> {
    if (!this.ready) {
      const all = this.refresh();
      await this.#first?.catch(() => all);
    } else if (this.#now() >= this.#nextRefresh) this.refresh().catch(() => {});
  }

  /**
   * What `resolve` gives, at once: where the list is fresh and the name was asked for before. Names are the client's to
   * choose, so that only so many are remembered.
   */
  resolved(name: string): Resolution | undefined {
    return this.#now() < this.#nextRefresh ? this.#resolutions.get(name) : undefined;
  }

  /**
   * The model and deployments that a name leads to; a name that leads nowhere is looked for once more in a fresh list.
   * @throws ApiError 404 "model_not_found"; what `ensureFresh` does.
   */
  async resolve(name: string): Promise<Resolution> {
    await this.ensureFresh();
    try {
      return this.#resolveNow(name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.refreshAfterMiss();
      return this.#resolveNow(name);
    }
  }

  #resolveNow(name: string): Resolution {
    const { clients, log } = this.#options;
    const [aliases, strict, standIns] = [this.#aliases, this.#strict, this.#standIns];
    const resourceGroups = [...new Set(clients.flatMap(groupsOf))];
    const resolution = resolveModel(name, this.#models, { aliases, strict, standIns, resourceGroups });
    if (resolution.why === "family") {
      log.once(
        `family ${name}`,
        "warn",
        `model '${name}' is not deployed; '${resolution.model.id}' answers in its place`,
      );
    }
    if (this.#resolutions.size >= MOST_NAMES) this.#resolutions.clear();
    this.#resolutions.set(name, resolution);
    return resolution;
  }

  async #discover(): Promise<void> {
    // Each tenant counts as soon as it has answered: one that is away must not keep the others from their users.
    const reading = this.#options.clients.map((client) => this.#read(client).then(() => this.#collect()));
    this.#first = Promise.any(reading);
    // Whoever waits hears of it; nobody else has to.
    this.#first.catch(() => {});
    const outcomes = await Promise.allSettled(reading);
    const failures = outcomes.filter((outcome) => outcome.status === "rejected");
    this.#nextRefresh =
      this.#now() +
      (failures.length > 0 ? RETRY_AFTER_FAILURE : (this.#options.refreshEvery ?? REFRESH_EVERY));
    if (failures[0] && failures.length === outcomes.length) throw failures[0].reason;
  }

  #collect(): void {
    const offered = new Map(
      [...this.#found].map(([client, found]) => [client.tenant.profile, found.offered]),
    );
    this.#models = modelsOf(this.deployments(), offered);
    this.#resolutions.clear();
  }

  async #read(client: AicoreClient): Promise<void> {
    const { log, throughOrchestration = true, only } = this.#options;
    try {
      const deployments = (await this.#running(client))
        .filter(isRunning)
        .filter(({ id }) => only === undefined || id === only);
      const orchestrated =
        throughOrchestration && deployments.some((each) => each.scenario === ORCHESTRATION);
      this.#found.set(client, {
        deployments,
        offered: orchestrated ? await this.#offeredBy(client) : [],
      });
    } catch (error) {
      const { profile } = client.tenant;
      log.warn("deployments could not be listed", {
        profile,
        error: error instanceof Error ? error.message : "",
      });
      throw error;
    }
  }

  /** Of every resource group that the tenant serves. */
  async #running(client: AicoreClient): Promise<Deployment[]> {
    const groups = groupsOf(client);
    const lists = await Promise.all(
      groups.map((resourceGroup) => listDeployments(client, { resourceGroup, status: "RUNNING" })),
    );
    return lists.flat();
  }

  /** What orchestration reaches beside the deployments; their own models are served whether or not it can be read. */
  async #offeredBy(client: AicoreClient): Promise<string[]> {
    try {
      return await modelsThroughOrchestration(client);
    } catch (error) {
      this.#options.log.warn("the models of the orchestration service could not be listed", {
        profile: client.tenant.profile,
        error: error instanceof Error ? error.message : "",
      });
      return this.#found.get(client)?.offered ?? [];
    }
  }
}

function groupsOf({ tenant }: AicoreClient): string[] {
  return tenant.resourceGroups ?? [tenant.resourceGroup];
}

/** Also here: not every landscape heeds the filter. */
function isRunning(deployment: Deployment): boolean {
  return deployment.status === "RUNNING" && deployment.url !== "";
}
