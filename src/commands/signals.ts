/** Waiting for the end of a command that runs until it is told to stop. */
import { constants } from "node:os";
import { isatty } from "node:tty";

export interface WaitOptions {
  /**
   * What a hangup means to a program without a terminal, where nothing can hang up: by an old custom of servers, to
   * read the settings again. On a terminal it says that the terminal was closed, and asks for an end.
   */
  onHangup?: () => void;
}

/**
 * Resolves at the first signal that asks for an end; a second one ends the process at once, with 128 + n. Windows has
 * SIGINT (Ctrl-C) and SIGHUP (the console is closed) of these.
 */
export function untilAsked({ onHangup }: WaitOptions = {}): Promise<NodeJS.Signals> {
  const ending: NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  if (onHangup && !hasTerminal()) process.on("SIGHUP", onHangup);
  else ending.push("SIGHUP");
  return new Promise((resolve) => {
    const first = (signal: NodeJS.Signals) => {
      for (const each of ending) {
        process.off(each, first);
        process.on(each, () => process.exit(128 + constants.signals[each]));
      }
      resolve(signal);
    };
    for (const signal of ending) process.on(signal, first);
  });
}

const STDIN = 0;
const STDERR = 2;

function hasTerminal(): boolean {
  return isatty(STDIN) || isatty(STDERR);
}
