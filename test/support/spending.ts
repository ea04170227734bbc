/** What keys spend at a proxy without a database: as its ledger counts between two looks at one. */
import type { Limits } from "../../src/keys/api-key.ts";
import type { ProxyOptions } from "../../src/proxy/server.ts";
import { PendingSpending } from "../../src/usage/ledger/pending-spending.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";
import { rowOf } from "../../src/usage/request-row.ts";
import { testKey } from "./stack.ts";

export interface Counted {
  /** Options of a proxy that counts. */
  options: Pick<ProxyOptions, "onRecord" | "spentBy">;
  /** Every request that is over. */
  records: RequestRecord[];
}

/** @param capacityUnits what each request costs */
export function counting(capacityUnits?: number): Counted {
  const spending = new PendingSpending();
  const records: RequestRecord[] = [];
  return {
    records,
    options: {
      onRecord(record) {
        records.push(record);
        spending.add(rowOf(record, capacityUnits));
      },
      spentBy: (keyId, period) => spending.spentBy(keyId, period),
    },
  };
}

/** The key `secret` with limits, as one of the database. */
export function limitedKey(secret: string, limits: Limits) {
  return testKey(secret, { id: `key_${secret}`, name: secret, limits });
}
