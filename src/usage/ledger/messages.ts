/** What the ledger's two threads say to each other. */
import type { Where } from "../../config/database.ts";
import type { KeyRow, RequestRow, SpendingRow } from "../../database/schema.ts";
import type { AcceptedKey } from "../../keys/api-key.ts";
import type { RecentQuery, UsageFigures, UsageQuery } from "../usage-query.ts";
import type { SharedCalls } from "./native-calls.ts";

/** What the worker is started with. */
export interface WorkerData {
  calls: SharedCalls;
  where: { keys: Where; requests: Where };
  /** Where the rows wait, for this ledger and for those that died. */
  folder: string;
  /** Where rows are kept if this Node has no embedded database. */
  plainFile: string;
  /** Of the files in `folder` that are this ledger's. */
  ledgerId: string;
  /** Whether keys and spending are told; a launcher's proxy has no use for them. */
  keys: boolean;
  /** Whether requests are kept, and not only counted against the limits of keys. */
  usage: boolean;
  retentionDays: number;
  /** Milliseconds between two looks at keys and spending. */
  pollEvery: number;
  /** Milliseconds until the first pruning; then it comes daily. */
  pruneAfter: number;
}

export type ToWorker =
  /** Rows lie in the spool. */
  | { say: "look" }
  /** Rows that the spool could not take. */
  | { say: "rows"; rows: RequestRow[] }
  | { say: "ask"; id: number; kind: QuestionKind; about: unknown }
  | { say: "close" };

export type FromWorker =
  /** After each look at the database that worked; what did not change is left out. */
  | { say: "polled"; keys?: AcceptedKey[]; spending?: SpendingRow[]; seen: string[] }
  /** The first look is over, whether it worked or not. */
  | { say: "looked" }
  /** So many rows of the spool, and of those that came by message, are stored. */
  | { say: "stored"; spooled: number; sent: number }
  | { say: "engine"; engine: string }
  /** Why rows cannot be stored; undefined: they can again. */
  | { say: "trouble"; trouble: string | undefined }
  | { say: "warn"; message: string }
  | { say: "answer"; id: number; answer: unknown }
  | { say: "refusal"; id: number; refusal: Refusal }
  /** Nothing more will be written; whether rows are left in the spool. */
  | { say: "closed"; left: boolean };

/** An error on its way between threads, which keep of its class nothing. */
export interface Refusal {
  code: string;
  message: string;
  hint: string | undefined;
}

/** What the admin API asks of the database. */
export interface Questions {
  figures: { about: UsageQuery; answer: UsageFigures[] };
  recent: { about: RecentQuery; answer: RequestRow[] };
  /** All that there ever were, and what each has spent in the current day, month and ever. */
  keys: { about: undefined; answer: KnownKey[] };
  createKey: { about: KeyRow; answer: undefined };
  revokeKey: { about: { idOrName: string; at: number }; answer: KeyRow | undefined };
}

export type QuestionKind = keyof Questions;

export interface KnownKey {
  row: KeyRow;
  spent: SpendingRow[];
}
