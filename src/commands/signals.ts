/** Waiting for the end of a command that runs until it is told to stop. */
import { constants } from "node:os";

const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Resolves at the first signal that asks for an end; a second one ends the process at once, with 128 + n.
 */
export function untilAsked(): Promise<NodeJS.Signals> {
  // Node would open its inspector at SIGUSR1: a debugger in a process that holds tokens.
  process.on("SIGUSR1", () => {});
  return new Promise((resolve) => {
    const first = (signal: NodeJS.Signals) => {
      for (const each of ENDING) {
        process.off(each, first);
        process.on(each, () => process.exit(128 + constants.signals[each]));
      }
      resolve(signal);
    };
    for (const signal of ENDING) process.on(signal, first);
  });
}
