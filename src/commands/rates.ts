/** What the models of a session cost, by its tenants' catalogues and the user's settings. */
import { readModelCatalogue } from "../aicore/model-catalogue.ts";
import { cacheRatesOf } from "../catalog/capabilities.ts";
import type { Logger } from "../log.ts";
import type { CacheRates } from "../usage/cost.ts";
import { RateBook } from "../usage/rate-book.ts";
import type { Session } from "./session.ts";

/** To be closed by the caller, after the last request. Settings that are read again hold at once, the factor from the next day on. */
export function rateBookFor(
  { clients, settings }: Pick<Session, "clients" | "settings">,
  log: Logger,
): RateBook {
  /** Of models that were asked for, for reading a name takes a microsecond (2026-11). */
  const published = new Map<string, CacheRates>();
  return new RateBook({
    catalogues: clients.map((client) => () => readModelCatalogue(client, settings.value("cost.factor"))),
    cacheRatesOf(model) {
      const known = published.get(model) ?? cacheRatesOf(model);
      published.set(model, known);
      return {
        read: settings.value("cost.cacheRead") ?? known.read,
        write5m: settings.value("cost.cacheWrite5m") ?? known.write5m,
        write1h: settings.value("cost.cacheWrite1h") ?? known.write1h,
      };
    },
    log,
  });
}
