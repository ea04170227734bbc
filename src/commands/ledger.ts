/** Where a proxy of this program writes down what was asked, and finds the keys of `aicore keys create`. */
import { databaseFor } from "../config/database.ts";
import { pathsFor } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import { ledgerBackend } from "../proxy/admin/ledger-backend.ts";
import type { ProxyOptions } from "../proxy/server.ts";
import { type Ledger, openLedger } from "../usage/ledger/index.ts";
import type { RateBook } from "../usage/rate-book.ts";
import { rowOf } from "../usage/request-row.ts";
import type { Context } from "./types.ts";

export interface LedgerChoice {
  /** For the proxy of one tool: it has its own key, and does not heed `DATABASE_URL`. */
  launcher?: boolean;
  /** What requests cost; closed with the ledger. */
  rates: RateBook;
}

/** What a proxy is started with to be in the ledger. */
export type Recorded = Required<Pick<ProxyOptions, "onRecord" | "spentBy" | "ledger">> &
  Pick<ProxyOptions, "admin">;

/** @throws ConfigError for an `AICORE_DATABASE_URL` that is none */
export function ledgerFor(
  { env, log }: Pick<Context, "env" | "log">,
  settings: Settings,
  { launcher = false, rates }: LedgerChoice,
): Ledger & { recorded: Recorded } {
  const paths = pathsFor(env);
  const where = databaseFor(paths, env, { launcher });
  // `DATABASE_URL` may be that of another project; whoever reads this would rather know.
  if ("url" in where.keys) log.info(`keys and usage are kept in PostgreSQL at ${hostOf(where.keys.url)}`);
  const ledger = openLedger({
    where,
    folder: paths.state,
    keys: !launcher,
    usage: settings.value("usage.enabled"),
    retentionDays: settings.value("usage.retention"),
    log,
  });
  const recorded: Recorded = {
    onRecord: (record) => rates.price(record, (capacityUnits) => ledger.record(rowOf(record, capacityUnits))),
    spentBy: (keyId, period) => ledger.spentBy(keyId, period),
    ledger,
    ...(!launcher && { admin: ledgerBackend(ledger, (record) => rates.costOf(record)) }),
  };
  const close = ledger.close.bind(ledger);
  return Object.assign(ledger, {
    recorded,
    async close() {
      await rates.close();
      await close();
    },
  });
}

/** Host, port and database, without who logs in. */
function hostOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
