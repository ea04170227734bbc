/** The main thread's end of the ledger's thread: started when it is first needed, and again when it broke. */
import { Worker } from "node:worker_threads";
import { AicoreError } from "../../errors.ts";
import { inPackage } from "../../package.ts";
import type { FromWorker, QuestionKind, ToWorker, WorkerData } from "./messages.ts";
import { forbidCalls, newCalls } from "./native-calls.ts";

/** A thread runs what is built, also when this module comes from a test. */
const WORKER = inPackage("dist/usage/ledger/worker.js");
/** Milliseconds that a question may take. */
const PATIENCE = 5_000;
/** What it holds for a moment is some thousand rows: V8's own choices take 17 MB more, and no less time (2026-11). */
const LIMITS = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 1_024 };
const RESTART_AFTER = 5_000;
/** Milliseconds that the end waits for a call of the database. */
const LAST_CALL = 1_000;

interface Asked {
  answer(value: unknown): void;
  refuse(error: AicoreError): void;
}

export interface ThreadOptions {
  data: Omit<WorkerData, "calls">;
  hear(message: FromWorker): void;
  /** The thread broke: what it was told and has not answered is to be told again. */
  onBroken(error: Error): void;
}

/** Does not keep the process. */
export class LedgerThread {
  readonly #options: ThreadOptions;
  readonly #calls = newCalls();
  readonly #onExit = () => forbidCalls(this.#calls, LAST_CALL);
  #worker: Worker | undefined;
  #notBefore = 0;
  #isOver = false;
  #onClosed: ((left: boolean) => void) | undefined;
  readonly #asked = new Map<number, Asked>();
  #questions = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Does nothing while it runs, or when it broke a moment ago. */
  start(): void {
    if (this.#worker || this.#isOver || Date.now() < this.#notBefore) return;
    const workerData: WorkerData = { ...this.#options.data, calls: this.#calls };
    const worker = new Worker(WORKER, { workerData, execArgv: [], resourceLimits: LIMITS });
    process.once("exit", this.#onExit);
    worker.on("message", (message: FromWorker) => this.#hear(message));
    worker.once("error", (error: unknown) => this.#broke(worker, error));
    // After the listeners: with one for messages a thread keeps the process again.
    worker.unref();
    this.#worker = worker;
  }

  /** False when nobody listens. */
  say(message: ToWorker): boolean {
    this.#worker?.postMessage(message);
    return this.#worker !== undefined;
  }

  /** @throws AicoreError what the database said; `database_slow` */
  async ask(kind: QuestionKind, about: unknown): Promise<unknown> {
    this.start();
    const id = ++this.#questions;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((answer, refuse) => {
        timer = setTimeout(() => refuse(slow()), PATIENCE);
        this.#asked.set(id, { answer, refuse });
        if (!this.say({ say: "ask", id, kind, about })) refuse(slow());
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
    }
  }

  /** Lets it write what it can. @returns whether rows are left: true also when it did not answer in time */
  async close(within: number): Promise<boolean> {
    const worker = this.#worker;
    this.#isOver = true;
    if (!worker) return false;
    // Else nothing would keep the process while we wait for it.
    worker.ref();
    let timer: NodeJS.Timeout | undefined;
    const left = await new Promise<boolean>((resolve) => {
      this.#onClosed = resolve;
      timer = setTimeout(() => resolve(true), within);
      worker.postMessage({ say: "close" } satisfies ToWorker);
    });
    clearTimeout(timer);
    this.#worker = undefined;
    worker.unref();
    this.#onExit();
    process.off("exit", this.#onExit);
    void worker.terminate();
    for (const { refuse } of this.#asked.values()) refuse(slow());
    return left;
  }

  #hear(message: FromWorker): void {
    if (message.say === "answer") this.#asked.get(message.id)?.answer(message.answer);
    else if (message.say === "refusal") {
      const { code, message: text, hint } = message.refusal;
      this.#asked.get(message.id)?.refuse(new AicoreError(code, text, hint === undefined ? {} : { hint }));
    } else if (message.say === "closed") this.#onClosed?.(message.left);
    else this.#options.hear(message);
  }

  #broke(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    process.off("exit", this.#onExit);
    this.#notBefore = Date.now() + RESTART_AFTER;
    for (const { refuse } of this.#asked.values()) refuse(slow());
    this.#onClosed?.(true);
    if (this.#isOver) return;
    this.#options.onBroken(error instanceof Error ? error : new Error(String(error)));
    setTimeout(() => this.start(), RESTART_AFTER).unref();
  }
}

function slow(): AicoreError {
  return new AicoreError("database_slow", "The database does not answer.", {
    hint: "Requests to models go on. Try again in a moment.",
  });
}
