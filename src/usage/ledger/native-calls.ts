/**
 * Sees to it that a thread is never ended inside a call of its database: libsql 0.5 then panics, on stderr (neon 1.0,
 * 2026-11). The thread says when it is in one; who ends it forbids further ones and waits for the one that runs.
 */

/** Places in the shared memory. */
const FORBIDDEN = 0;
const RUNNING = 1;

export type SharedCalls = Int32Array<SharedArrayBuffer>;

export function newCalls(): SharedCalls {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** The thread's side: undefined, and nothing was done, where calls are forbidden. */
export async function callNative<T>(calls: SharedCalls, work: () => Promise<T>): Promise<T | undefined> {
  Atomics.add(calls, RUNNING, 1);
  try {
    return Atomics.load(calls, FORBIDDEN) === 0 ? await work() : undefined;
  } finally {
    Atomics.sub(calls, RUNNING, 1);
    Atomics.notify(calls, RUNNING);
  }
}

/** The other side: blocks until no call runs, and none will. @param within milliseconds, at most */
export function forbidCalls(calls: SharedCalls, within: number): void {
  Atomics.store(calls, FORBIDDEN, 1);
  const until = Date.now() + within;
  for (let running = 1; running > 0 && Date.now() < until; ) {
    running = Atomics.load(calls, RUNNING);
    if (running > 0) Atomics.wait(calls, RUNNING, running, until - Date.now());
  }
}
