import type { AicoreClient } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Gate } from "../keys/gate.ts";
import type { Logger } from "../log.ts";
import type { LearnedRepairs } from "../routing/learned.ts";
import type { ResponseIds } from "../routing/response-ids.ts";
import type { Targets } from "../routing/targets.ts";
import type { Ledger } from "../usage/ledger/index.ts";
import type { RequestRecord, Tally } from "../usage/request-record.ts";
import type { TokenEstimator } from "../usage/token-estimate.ts";
import type { AdminBackend } from "./admin/backend.ts";
import type { Events } from "./events.ts";
import type { KnownBodies } from "./known-bodies.ts";
import type { Metrics } from "./metrics/index.ts";

/** All durations in milliseconds; users see the defaults, tests shorten them. */
export interface Timing {
  /** Silence after which a stream gets a ping. */
  pingEvery: number;
  /** Time from a request's arrival to the head of a streamed answer, come what may; 0 = never early. */
  commitAfter: number;
  /** How long a client may leave its answer unread. */
  writeIdle: number;
  /** How long an upstream may take for the head of its answer, and be silent inside it. */
  upstreamIdle: number;
  /** How long after its arrival a request may still be sent again, or wait for a model that rests. */
  retryFor: number;
}

export const DEFAULT_TIMING: Timing = {
  pingEvery: 15_000,
  commitAfter: 15_000,
  writeIdle: 300_000,
  upstreamIdle: 600_000,
  retryFor: 20_000,
};

/** What the routes share. */
export interface ProxyContext {
  catalog: Catalog;
  clientFor(deployment: Deployment): AicoreClient;
  targets: Targets;
  learned: LearnedRepairs;
  responses: ResponseIds;
  estimator: TokenEstimator;
  bodies: KnownBodies;
  tally: Tally;
  gate: Gate;
  /** Hears of every request to a model, once, when it is over. */
  record(record: RequestRecord): void;
  log: Logger;
  timing: Timing;
  version: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  admin?: AdminBackend;
  ledger?: Pick<Ledger, "state">;
  /** How many keys let requests in; undefined where none is asked for. */
  keyCount(): number | undefined;
  events: Events;
  metrics: Metrics;
}
