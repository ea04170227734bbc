/** Turns a spinner on `stream` until `work` is done; leaves nothing behind. */
export async function withSpinner<T>(
  text: string,
  stream: NodeJS.WriteStream,
  work: () => Promise<T>,
): Promise<T> {
  const { default: ora } = await import("ora");
  // Without discardStdin ora would put stdin into raw mode, and Ctrl-C would no longer reach us as a signal.
  const spinner = ora({ text, stream, discardStdin: false }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}

const EVERY_SECOND = 1_000;

/** The same with a text that changes: `work` reports the state, `timed` puts the time gone by to it. */
export async function withLiveSpinner<T>(
  timed: (state: string) => string,
  stream: NodeJS.WriteStream,
  work: (report: (state: string) => void) => Promise<T>,
): Promise<T> {
  const { default: ora } = await import("ora");
  const spinner = ora({ stream, discardStdin: false });
  let state = "";
  const show = () => {
    if (state === "") return;
    spinner.text = timed(state);
    if (!spinner.isSpinning) spinner.start();
  };
  const clock = setInterval(show, EVERY_SECOND);
  try {
    return await work((next) => {
      state = next;
      show();
    });
  } finally {
    clearInterval(clock);
    spinner.stop();
  }
}
