import type { OfferedModel } from "../aicore/model-catalogue.ts";
import { asAicoreError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type CacheRates, capacityUnitsOf, isUntold, type Rate } from "./cost.ts";
import type { RequestRecord } from "./request-record.ts";

export interface RateBookOptions {
  /** What reads each tenant's catalogue; the first tenant that knows a model's rate is heard. */
  catalogues: readonly (() => Promise<OfferedModel[]>)[];
  /** By SAP's name. */
  cacheRatesOf(model: string): CacheRates;
  log: Logger;
}

const DAY = 24 * 3_600_000;
/** After a catalogue could not be read. */
const RETRY = 5 * 60_000;
/** So long the first requests of a proxy wait to be recorded, with a cost. */
const PATIENCE = 1_000;
const UNKNOWN: Rate = { input: undefined, output: undefined };

/**
 * What models cost, from the catalogues of the tenants: read in the background, again every day, and sooner after a
 * failure. Until then, and for models without a rate, costs are unknown; nobody ever waits for them.
 */
export class RateBook {
  /** Resolves when every catalogue was read or failed for the first time, at the latest a second after `start`. */
  readonly loaded: Promise<void>;
  readonly #options: RateBookOptions;
  /** By tenant, then by SAP's name in small letters. A catalogue that fails leaves what it said before. */
  readonly #rates: (ReadonlyMap<string, Rate> | undefined)[] = [];
  #tellLoaded: () => void = () => {};
  #isLoaded = false;
  #timer: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #isWaitedFor = false;
  #isClosed = false;

  constructor(options: RateBookOptions) {
    this.#options = options;
    this.loaded = new Promise((resolve) => {
      this.#tellLoaded = () => {
        this.#isLoaded = true;
        clearTimeout(this.#patience);
        resolve();
      };
    });
  }

  /** Reads the catalogues now, and keeps the rates fresh until `close`. Once is enough; `price` does it too. */
  start(): void {
    if (this.#patience !== undefined || this.#isClosed) return;
    this.#patience = setTimeout(this.#tellLoaded, PATIENCE);
    void this.refresh();
  }

  /** Requests that wait for their cost get it first. */
  async close(): Promise<void> {
    if (this.#isWaitedFor) await this.loaded;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#tellLoaded();
  }

  /** Tells what a request cost: at once, except in the first second, where it may wait for the rates. */
  price(record: RequestRecord, tell: (capacityUnits: number | undefined) => void): void {
    this.start();
    if (this.#isLoaded) {
      tell(this.costOf(record));
      return;
    }
    this.#isWaitedFor = true;
    void this.loaded.then(() => tell(this.costOf(record)));
  }

  /** Reads the catalogues again. Never rejects: what cannot be read stays as it was. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const { catalogues } = this.#options;
    const read = await Promise.all(catalogues.map((catalogue, tenant) => this.#read(catalogue, tenant)));
    this.#tellLoaded();
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), read.every(Boolean) ? DAY : RETRY).unref();
  }

  /** By SAP's name; undefined for a model that no catalogue has. */
  rateOf(model: string): Rate | undefined {
    const name = model.toLowerCase();
    const found = this.#rates.flatMap((rates) => rates?.get(name) ?? []);
    return found.find(({ input }) => input !== undefined) ?? found[0];
  }

  /** Capacity units of a request; undefined where they are not known. */
  costOf(record: RequestRecord): number | undefined {
    const { model = "", usage } = record;
    if (isUntold(record)) return undefined;
    return capacityUnitsOf(usage, this.rateOf(model) ?? UNKNOWN, this.#options.cacheRatesOf(model));
  }

  async #read(catalogue: () => Promise<OfferedModel[]>, tenant: number): Promise<boolean> {
    try {
      this.#rates[tenant] = ratesIn(await catalogue());
      return true;
    } catch (error) {
      const { code, message } = asAicoreError(error);
      this.#options.log.debug("the rates of the models are not known yet", { code, message });
      return false;
    }
  }
}

function ratesIn(offered: readonly OfferedModel[]): Map<string, Rate> {
  return new Map(offered.map((model) => [model.name.toLowerCase(), rateIn(model)]));
}

/** Of the latest version; of an older one, where only that has one. Versions of a model have cost the same so far. */
function rateIn({ versions }: OfferedModel): Rate {
  const priced = versions.filter(({ price }) => price.input !== undefined || price.output !== undefined);
  return (priced.find(({ isLatest }) => isLatest) ?? priced[0])?.price ?? UNKNOWN;
}
