/**
 * Where a command's words go: the result to stdout, everything else to stderr. With `--json` the result is one
 * document and stderr stays silent, so that a failing command leaves exactly its error document there.
 */
import { isatty } from "node:tty";
import { clean, redact } from "../log.ts";
import { type Palette, PLAIN, paletteFor, wantsColor } from "./colors.ts";
import { elapsed } from "./duration.ts";
import { columnsOf, wrap } from "./wrap.ts";

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  /** False for `--no-color`. */
  color: boolean;
  env: NodeJS.ProcessEnv;
  stdout?: NodeJS.WriteStream;
  stderr?: NodeJS.WriteStream;
  stdin?: { isTTY?: boolean | undefined };
}

const WARNING = "Warning:";
/** Asked for by its number: `process.stdin` would open it, for a millisecond (Node 20, 2026-11). */
const STDIN = 0;

export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether a person sits there: stdin and stderr are terminals and CI is unset. Only then ask anything. */
  readonly interactive: boolean;
  /** Columns of the terminal on stdout; undefined on a pipe, where nothing is shortened. */
  readonly width: number | undefined;
  /** Colours for stdout. */
  readonly paint: Palette;
  readonly #spins: boolean;
  readonly #stderrPaint: Palette;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;
  /** What is not said yet; undefined while everything is. */
  #held: string[] | undefined;

  /** With the colours that its streams take. */
  static async open(options: OutputOptions): Promise<Output> {
    const { env, json, color, stdout = process.stdout, stderr = process.stderr } = options;
    const [paint, stderrPaint] = await Promise.all([
      paletteFor(!json && wantsColor(stdout, env, color)),
      paletteFor(wantsColor(stderr, env, color)),
    ]);
    return new Output(options, paint, stderrPaint);
  }

  /** Without colours, unless they are given. */
  constructor(options: OutputOptions, paint = PLAIN, stderrPaint = PLAIN) {
    const {
      env,
      stdout = process.stdout,
      stderr = process.stderr,
      stdin = { isTTY: isatty(STDIN) },
    } = options;
    this.json = options.json;
    this.quiet = options.quiet;
    this.interactive = stdin.isTTY === true && stderr.isTTY === true && !env.CI && !options.json;
    // Terminals without a size (`script`, some containers) report 0 columns, over which ora 9 loops for ever.
    this.#spins = this.interactive && !this.quiet && stderr.columns > 0 && env.TERM !== "dumb";
    this.width = columnsOf(stdout);
    this.paint = paint;
    this.#stderrPaint = stderrPaint;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** The result, as people read it. */
  result(text: string): void {
    this.#stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** The result, in sentences. */
  prose(text: string): void {
    this.result(wrap(text, this.width));
  }

  /** A piece of a result that grows as it comes. */
  stream(text: string): void {
    this.#stdout.write(text);
  }

  /** The result, as programs read it. */
  document(value: unknown): void {
    this.#stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** One event of a command that goes on, as one line. */
  event(value: unknown): void {
    this.#stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Talk: what is going on, what to do next. */
  say(text: string): void {
    if (!this.json && !this.quiet) this.#tell(`${wrap(text, columnsOf(this.#stderr))}\n`);
  }

  /** A piece of talk that grows as it comes, such as what a model thinks before it answers. */
  mutter(text: string): void {
    if (!this.json && !this.quiet) this.#tell(this.#stderrPaint.faint(text));
  }

  /** Something is not as it should be; the command goes on. Remote words in it are cleaned. */
  warn(text: string): void {
    if (this.json) return;
    const lines = wrap(`${WARNING} ${redact(clean(text))}\n`, columnsOf(this.#stderr));
    this.#tell(lines.replace(WARNING, this.#stderrPaint.warning(WARNING)));
  }

  /** Keeps all talk and warnings back, while another program has the terminal. */
  hold(): void {
    this.#held ??= [];
  }

  /** Says what was kept back. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) this.#tell(text);
  }

  /** Does `work` while a spinner turns, where someone watches. */
  async during<T>(text: string, work: () => Promise<T>): Promise<T> {
    if (!this.#spins) return await work();
    const { withSpinner } = await import("./spinner.ts");
    return await withSpinner(text, this.#stderr, work);
  }

  /**
   * Does `work`, which reports the states it goes through: a spinner shows the present one and how long it all takes;
   * where nobody watches, each change is a line.
   */
  async follow<T>(work: (report: (state: string) => void) => Promise<T>): Promise<T> {
    const began = Date.now();
    const timed = (state: string) => `${redact(clean(state))} (${elapsed(Date.now() - began)})`;
    if (this.#spins) {
      const { withLiveSpinner } = await import("./spinner.ts");
      return await withLiveSpinner(timed, this.#stderr, work);
    }
    let last = "";
    return await work((state) => {
      if (state !== last) this.say(timed(state));
      last = state;
    });
  }

  #tell(text: string): void {
    if (this.#held) this.#held.push(text);
    else this.#stderr.write(text);
  }
}
