/** Errors that nobody caught, in a process that other people's conversations run through. */
import { AicoreError } from "../errors.ts";
import type { LogFields, Logger } from "../log.ts";

/**
 * From now on a rejection that nobody awaited is logged and nothing more: it belongs to one request, no code was cut off
 * in the middle of a change, and to end would break every stream for it. An exception that nobody caught did cut off
 * code, perhaps while it changed what all requests share, so nothing that is decided later can be trusted: the answer
 * resolves, for an end in good order, in which the streams that are open still finish.
 */
export function untilBroken(log: Logger): Promise<AicoreError> {
  process.on("unhandledRejection", (reason) => log.error("a promise failed unheard", factsOf(reason)));
  return new Promise((resolve) => {
    process.setUncaughtExceptionCaptureCallback((error) => {
      const facts = factsOf(error);
      log.error("an error was not caught", facts);
      resolve(
        new AicoreError(
          "unexpected",
          `Nobody caught a ${facts.error} at ${facts.at ?? "an unknown place"}.`,
          {
            hint: "This is a bug in aicore: please report it, and start aicore again.",
          },
        ),
      );
    });
  });
}

/** What may be logged of any error: a message may repeat a prompt, a class, a code and a place in our source do not. */
function factsOf(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { code: "unexpected", error: typeof thrown };
  const { name, message, stack = "" } = thrown;
  const code =
    "code" in thrown && /^\w{1,50}$/.test(String(thrown.code)) ? String(thrown.code) : "unexpected";
  const frames = stack.slice(stack.indexOf(message) + message.length);
  return { code, error: name, at: /^\s+at (.+)$/m.exec(frames)?.[1] };
}
