/** What a person types at a prompt that comes again and again: lines with history, pasted text, Ctrl-C, Ctrl-D. */
import { createInterface, type Interface, type Key } from "node:readline";

export type Typed =
  | { kind: "text"; text: string }
  /** Ctrl-C at an empty prompt. */
  | { kind: "interrupt" }
  /** Ctrl-D at an empty prompt, or the terminal has gone. */
  | { kind: "end" };

/** Terminals then put marks around what is pasted, and readline names the marks. */
const MARK_PASTES = "\u001b[?2004h";
const UNMARKED_PASTES = "\u001b[?2004l";
const CONTINUED = "... ";

/**
 * Holds the terminal in raw mode only while `read` waits: in between, Ctrl-C is a signal to whatever goes on, and what is
 * typed ahead waits for the next prompt. Its history ends with it.
 */
export class LineReader {
  readonly #prompt: string;
  readonly #lines: Interface;
  #parts: string[] = [];
  #pasting = false;
  #ended = false;
  #settle: ((typed: Typed) => void) | undefined;

  constructor(prompt: string) {
    this.#prompt = prompt;
    this.#lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true });
    this.#lines.pause();
    process.stdin.setRawMode(false);
    this.#lines.on("line", (line) => this.#take(line));
    this.#lines.on("SIGINT", () => this.#interrupt());
    this.#lines.on("close", () => this.#end());
    process.stdin.on("keypress", (_text: string, key: Key | undefined) => {
      if (key?.name === "paste-start") this.#pasting = true;
      if (key?.name === "paste-end") this.#pasting = false;
    });
  }

  /** One message: a line, several that end in a backslash, or all that was pasted at once. */
  read(): Promise<Typed> {
    if (this.#ended) return Promise.resolve({ kind: "end" });
    return new Promise((resolve) => {
      this.#settle = resolve;
      process.stdin.setRawMode(true);
      process.stdout.write(MARK_PASTES);
      this.#ask(this.#prompt);
    });
  }

  close(): void {
    this.#ended = true;
    this.#lines.close();
  }

  #ask(prompt: string): void {
    this.#lines.setPrompt(prompt);
    this.#lines.prompt();
  }

  #take(line: string): void {
    const goesOn = line.endsWith("\\") && !this.#pasting;
    this.#parts.push(goesOn ? line.slice(0, -1) : line);
    if (goesOn) this.#ask(CONTINUED);
    // Terminals without those marks hand a pasted text over in one piece, and readline all its lines in one turn.
    else if (!this.#pasting) setImmediate((count) => this.#finish(count), this.#parts.length);
  }

  /** Gives the message away unless more has come since. */
  #finish(count: number): void {
    if (this.#pasting || this.#parts.length !== count || !this.#settle) return;
    const text = this.#parts.join("\n").replace(/\n+$/, "");
    this.#parts = [];
    this.#give({ kind: "text", text });
  }

  #interrupt(): void {
    const empty = this.#parts.length === 0 && this.#lines.line === "";
    process.stdout.write("\n");
    if (empty) {
      this.#give({ kind: "interrupt" });
      return;
    }
    this.#parts = [];
    this.#pasting = false;
    // End, then Ctrl-U: the line that was begun is thrown away.
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
    this.#ask(this.#prompt);
  }

  #end(): void {
    this.#ended = true;
    if (this.#settle) process.stdout.write("\n");
    this.#give({ kind: "end" });
  }

  #give(typed: Typed): void {
    const settle = this.#settle;
    this.#settle = undefined;
    if (!settle) return;
    process.stdout.write(UNMARKED_PASTES);
    if (!this.#ended) this.#lines.pause();
    process.stdin.setRawMode(false);
    settle(typed);
  }
}
