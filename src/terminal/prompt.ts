/** Questions to a person. Callers ask `output.interactive` first; stdin and stderr are terminals here. */
import { createInterface } from "node:readline/promises";
import { InterruptedError } from "../errors.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = /[\b\u007f]/;
/** What terminals put around pasted text. */
const PASTE_MARKS = ["\u001b[200~", "\u001b[201~"];

/** One hidden line, such as a passphrase. */
export function askHidden(question: string): Promise<string> {
  return readHidden(question, (text) => /[\r\n]$/.test(text));
}

/**
 * A hidden text that may have many lines, such as a pasted service key: it ends by itself with the brace that closes
 * its JSON, otherwise with Enter (when no JSON has begun), an empty line, or Ctrl-D.
 */
export function askHiddenJson(question: string): Promise<string> {
  return readHidden(question, isWholeJson);
}

/** @internal exported for its test */
export function isWholeJson(text: string): boolean {
  const start = text.indexOf("{");
  if (start < 0) return /\S[^\n\r]*[\r\n]$/.test(text);
  if (/[\r\n]\s*[\r\n]$/.test(text)) return true;
  if (!text.trimEnd().endsWith("}")) return false;
  try {
    JSON.parse(text.slice(start));
    return true;
  } catch {
    return false;
  }
}

/** Yes or no; Enter alone means no. */
export async function askYesNo(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<boolean>((resolve, reject) => {
      lines.once("SIGINT", () => reject(new InterruptedError()));
      lines.once("close", () => resolve(false));
      lines.question(`${question} [y/N] `).then((answer) => resolve(/^y(es)?$/i.test(answer.trim())), reject);
    });
  } finally {
    lines.close();
  }
}

/** Reads raw keys, so that nothing is echoed, until `isComplete`. Ctrl-C restores the terminal and throws. */
function readHidden(question: string, isComplete: (text: string) => boolean): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    let text = "";
    const finish = (settle: () => void) => {
      stdin.off("data", read);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      settle();
    };
    const read = (chunk: string) => {
      const typed = PASTE_MARKS.reduce((rest, mark) => rest.replaceAll(mark, ""), chunk);
      for (const key of typed) {
        if (key === CTRL_C) return finish(() => reject(new InterruptedError()));
        if (key === CTRL_D) return finish(() => resolve(text));
        text = BACKSPACE.test(key) ? text.slice(0, -1) : text + key;
        if (/[\r\n}]/.test(key) && isComplete(text)) return finish(() => resolve(text.trim()));
      }
    };
    stdin.setEncoding("utf8");
    stdin.setRawMode(true);
    stdin.on("data", read);
    stdin.resume();
    // Last: who answers at once must not be echoed.
    stderr.write(question);
  });
}
