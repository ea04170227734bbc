/**
 * The ledger's thread: all that a proxy has to do with databases happens here, for embedded ones answer synchronously and
 * a lock of another process would hold up every request (measured 2026-11: three seconds of lock, three of silence).
 */
import { setTimeout as after } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "../../database/open.ts";
import type { RequestRow } from "../../database/schema.ts";
import { AicoreError, asAicoreError } from "../../errors.ts";
import { raiseSpending, spendingStore } from "../../keys/spending-store.ts";
import { usageStore } from "../usage-store.ts";
import { Databases } from "./databases.ts";
import type { FromWorker, QuestionKind, ToWorker, WorkerData } from "./messages.ts";
import { PlainFile } from "./plain-file.ts";
import { Poller } from "./poller.ts";
import { answerTo } from "./questions.ts";
import { Spool } from "./spool.ts";
import { Writer } from "./writer.ts";

/** Milliseconds between two looks after files of dead processes. */
const TEND = 5_000;
const WARN_EVERY = 60_000;
/** Milliseconds that a question waits for what is to be written, of the 5,000 that it has. */
const WRITE_FIRST = 3_000;
const DAY = 86_400_000;

const data = workerData as WorkerData;
const databases = new Databases({ where: data.where, calls: data.calls, warn, onOpen });
const spool = new Spool(data);
const writer = new Writer({
  spool,
  append,
  onStored,
  onWorks: () => works("usage"),
  onFails: (error) => fails("usage", error),
});
const poller = new Poller(warn);
const plain = new PlainFile(data.plainFile, warn);
const timers: NodeJS.Timeout[] = [];
/** Requests of this process, of keys that have limits, that are stored and that no poll has told yet. */
let seen: string[] = [];
let polling: Promise<void> | undefined;
/** What does not work now, and why. */
const troubles = new Map<"usage" | "keys", string>();
let lastWarning = Number.NEGATIVE_INFINITY;

parentPort?.on("message", (message: ToWorker) => {
  if (message.say === "look") void writer.look();
  else if (message.say === "rows") writer.take(message.rows);
  else if (message.say === "ask") void answer(message.id, message.kind, message.about);
  else void close();
});

tend();
timers.push(setInterval(tend, TEND));
if (data.keys) {
  void poll().then(() => tell({ say: "looked" }));
  timers.push(setInterval(poll, data.pollEvery));
}
timers.push(
  setTimeout(() => {
    void prune();
    timers.push(setInterval(prune, DAY));
  }, data.pruneAfter),
);

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function warn(message: string): void {
  tell({ say: "warn", message });
}

function onOpen({ engine }: Database): void {
  tell({ say: "engine", engine });
  if (spool.adoptPlain(data.plainFile)) void writer.look();
}

/** Without any engine rows are kept as lines of a file (security 2.2). */
async function append(rows: readonly RequestRow[]): Promise<void> {
  try {
    await databases.use("requests", async (database) => {
      if (data.usage) await usageStore(database).append(rows);
      else await database.kysely.transaction().execute((transaction) => raiseSpending(transaction, rows));
    });
  } catch (error) {
    if (!isEngineMissing(error)) throw error;
    if (data.usage) plain.append(rows);
  }
}

function isEngineMissing(error: unknown): boolean {
  return error instanceof AicoreError && error.code === "database_engine_missing";
}

function onStored(rows: readonly RequestRow[], spooled: number, sent: number): void {
  seen.push(...rows.filter(({ key_id }) => poller.limited.has(key_id)).map(({ id }) => id));
  tell({ say: "stored", spooled, sent });
}

function works(what: "usage" | "keys"): void {
  if (troubles.delete(what)) tell({ say: "trouble", trouble: [...troubles.values()][0] });
}

function fails(what: "usage" | "keys", error: unknown): void {
  const { message } = asAicoreError(error);
  if (troubles.get(what) !== message) tell({ say: "trouble", trouble: message });
  troubles.set(what, message);
  const now = Date.now();
  if (now - lastWarning < WARN_EVERY) return;
  lastWarning = now;
  if (what === "keys") warn(`API keys cannot be read from the database: ${message}`);
  else warn(`usage cannot be stored, and is kept in files until it can: ${message}`);
}

function tend(): void {
  spool.keepAlive();
  if (spool.adoptLeft() > 0) void writer.look();
}

/** One look at a time, however long it takes; the main thread notices when there is none. */
async function poll(): Promise<void> {
  polling ??= pollOnce().finally(() => {
    polling = undefined;
  });
  await polling;
}

/** A look that sees what was changed by now: one that is under way may have been too early. */
async function pollAnew(): Promise<void> {
  await polling;
  await poll();
}

async function pollOnce(): Promise<void> {
  const including = seen;
  seen = [];
  try {
    const changes = await databases.use("keys", (database) => poller.poll(database));
    tell({ say: "polled", seen: including, ...changes });
    works("keys");
  } catch (error) {
    if (isEngineMissing(error)) return tell({ say: "polled", seen: [], keys: [] });
    seen = [...including, ...seen];
    fails("keys", error);
  }
}

/** Figures are of all requests that are over, unless there are too many of them to wait for. */
async function answer(id: number, kind: QuestionKind, about: unknown): Promise<void> {
  const changesKeys = kind === "createKey" || kind === "revokeKey";
  try {
    if (!changesKeys) await Promise.race([writer.look(), after(WRITE_FIRST, undefined, { ref: false })]);
    const answer = await answerTo(databases, kind, about);
    if (data.keys && changesKeys) await pollAnew();
    tell({ say: "answer", id, answer });
  } catch (error) {
    const { code, message, hint } = asAicoreError(error);
    tell({ say: "refusal", id, refusal: { code, message, hint } });
  }
}

async function prune(): Promise<void> {
  const now = Date.now();
  try {
    await databases.use("requests", async (database) => {
      await usageStore(database).prune(now - data.retentionDays * DAY);
      await spendingStore(database).prune(now - DAY);
    });
  } catch (error) {
    fails("usage", error);
  }
}

async function close(): Promise<void> {
  for (const timer of timers) clearTimeout(timer);
  await writer.run();
  const left = spool.close();
  await databases.close();
  tell({ say: "closed", left });
  parentPort?.close();
}
