/** What `aicore chat` is to ask, when it is to ask one thing only. */
import { UsageError } from "../errors.ts";
import type { Output } from "../terminal/output.ts";

/**
 * The words of the command line, and below them what standard input brings. Undefined means a conversation: no words,
 * and a person on both ends of the terminal.
 * @throws UsageError when there is nothing to ask and nobody who could type it.
 */
export async function questionFrom(words: string[], out: Output): Promise<string | undefined> {
  const prompt = words.length === 1 && words[0] === "-" ? "" : words.join(" ").trim();
  const piped = process.stdin.isTTY ? "" : await readText(process.stdin);
  const question = [prompt, piped].filter((part) => part.trim() !== "").join("\n\n");
  if (question !== "") return question;
  if (words.length === 0 && out.interactive && process.stdout.isTTY) return undefined;
  throw new UsageError("no_question", "There is nothing to ask, and no terminal to talk on.", {
    hint: 'Give a prompt: aicore chat "why is the sky blue?", or pipe one: aicore chat < question.txt',
  });
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new UsageError("not_text", "What comes on standard input is not text in UTF-8.", { cause });
  }
}
