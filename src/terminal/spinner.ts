import ora from "ora";

/** Turns a spinner on `stream` until `work` is done; leaves nothing behind. */
export async function withSpinner<T>(
  text: string,
  stream: NodeJS.WriteStream,
  work: () => Promise<T>,
): Promise<T> {
  // Without discardStdin ora would put stdin into raw mode, and Ctrl-C would no longer reach us as a signal.
  const spinner = ora({ text, stream, discardStdin: false }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}
