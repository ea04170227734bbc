/** Where a proxy of this program writes down what was asked, and finds the keys of `aicore keys create`. */
import { databaseFor } from "../config/database.ts";
import { pathsFor } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import { ledgerBackend } from "../proxy/admin/ledger-backend.ts";
import type { ProxyOptions } from "../proxy/server.ts";
import { type Ledger, openLedger } from "../usage/ledger/index.ts";
import type { RequestRecord } from "../usage/request-record.ts";
import { rowOf } from "../usage/request-row.ts";
import type { Context } from "./types.ts";

export interface LedgerChoice {
  /** For the proxy of one tool: it has its own key, and does not heed `DATABASE_URL`. */
  launcher?: boolean;
  /** What a request cost, where that is known. */
  capacityUnits?: (record: RequestRecord) => number | undefined;
}

/** What a proxy is started with to be in the ledger. */
export type Recorded = Required<Pick<ProxyOptions, "onRecord" | "spentBy" | "ledger">> &
  Pick<ProxyOptions, "admin">;

/** @throws ConfigError for an `AICORE_DATABASE_URL` that is none */
export function ledgerFor(
  { env, log }: Pick<Context, "env" | "log">,
  settings: Settings,
  { launcher = false, capacityUnits = () => undefined }: LedgerChoice = {},
): Ledger & { recorded: Recorded } {
  const paths = pathsFor(env);
  const ledger = openLedger({
    where: databaseFor(paths, env, { launcher }),
    folder: paths.state,
    keys: !launcher,
    usage: settings.value("usage.enabled"),
    retentionDays: settings.value("usage.retention"),
    log,
  });
  const row = (record: RequestRecord) => rowOf(record, capacityUnits(record));
  const recorded: Recorded = {
    onRecord: (record) => ledger.record(row(record)),
    spentBy: (keyId, period) => ledger.spentBy(keyId, period),
    ledger,
    ...(!launcher && { admin: ledgerBackend(ledger, row) }),
  };
  return Object.assign(ledger, { recorded });
}
