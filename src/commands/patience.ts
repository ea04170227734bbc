/** Waiting that has an end: a time limit, or Ctrl-C. */
import { type AicoreError, InterruptedError } from "../errors.ts";

export interface Patience {
  /** Milliseconds. */
  limit: number;
  /** What to throw when the time is over. */
  late: () => AicoreError;
  /** Told at Ctrl-C: what goes on all the same, and how to look at it. */
  goesOn: string;
}

/**
 * Does `work` with a signal that ends it at the limit or at the first Ctrl-C; a second one ends the program.
 * @throws `late()`, InterruptedError, or what `work` throws by itself.
 */
export async function patiently<T>(
  { limit, late, goesOn }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const interrupt = () => end.abort(new InterruptedError(goesOn));
  const timer = setTimeout(() => end.abort(late()), limit);
  process.once("SIGINT", interrupt);
  try {
    return await work(end.signal);
  } catch (error) {
    throw end.signal.aborted ? end.signal.reason : error;
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", interrupt);
  }
}
