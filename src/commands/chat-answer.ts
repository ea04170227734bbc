/** Showing an answer as it is written, and stopping it at Ctrl-C. */
import type { Reply } from "../chat/ask.ts";
import type { Conversation } from "../chat/conversation.ts";
import type { ChatModel } from "../chat/model.ts";
import { printable } from "../chat/printable.ts";
import { InterruptedError } from "../errors.ts";
import { textOf } from "../hub/messages.ts";
import type { Context } from "./types.ts";

/** One question, one answer: text on stdout and nothing else there, or one document with `--json`. */
export async function answerOnce(
  context: Context,
  talk: Conversation,
  question: string,
  model: ChatModel,
): Promise<void> {
  const reply = await hear(context, talk, question, model);
  if (reply.interrupted) throw new InterruptedError();
  if (context.out.json) context.out.document(documentOf(reply, model));
}

/**
 * Asks and shows: the words on stdout, what the model thinks (where `-v` asks for it) dimmed on stderr. Ctrl-C ends the
 * answer and nothing else.
 * @throws ApiError when there is no answer, or when it breaks off.
 */
export async function hear(
  { out, globals }: Context,
  talk: Conversation,
  question: string,
  model: ChatModel,
): Promise<Reply> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on("SIGINT", interrupt);
  const screen = new Screen(out, globals.verbose > 0);
  const asked = talk.say(question, model, { signal: stop.signal, ...screen.listener });
  // The failure is told by the last line; the spinner only has to stop for it.
  const settled = asked.then(
    () => {},
    () => {},
  );
  try {
    await out.during(`Waiting for ${model.id}`, () => Promise.race([screen.begun, settled]));
    screen.open();
    const reply = await asked;
    return reply;
  } finally {
    screen.finish();
    process.off("SIGINT", interrupt);
  }
}

/** What was heard is held back until the spinner is gone, which would wipe it away. */
class Screen {
  /** Settles with the first words. */
  readonly begun: Promise<void>;
  readonly listener: { onText(text: string): void; onThinking(text: string): void };
  readonly #out: Context["out"];
  readonly #early: (() => void)[] = [];
  #open = false;
  #thinking = false;
  #column = 0;

  constructor(out: Context["out"], showsThinking: boolean) {
    this.#out = out;
    let begin = () => {};
    this.begun = new Promise((resolve) => {
      begin = resolve;
    });
    const show = (write: () => void) => {
      begin();
      if (this.#open) write();
      else this.#early.push(write);
    };
    this.listener = {
      onText: (text) => show(() => this.#answer(text)),
      onThinking: (text) => {
        if (showsThinking) show(() => this.#think(text));
      },
    };
  }

  open(): void {
    this.#open = true;
    for (const write of this.#early.splice(0)) write();
  }

  /** Leaves the cursor at the beginning of a line. */
  finish(): void {
    this.open();
    if (this.#column > 0 && !this.#out.json) this.#out.stream("\n");
    if (this.#thinking) this.#out.mutter("\n");
  }

  #think(text: string): void {
    this.#thinking = true;
    this.#out.mutter(printable(text));
  }

  #answer(text: string): void {
    if (this.#out.json || text === "") return;
    if (this.#thinking) this.#out.mutter("\n\n");
    this.#thinking = false;
    this.#out.stream(process.stdout.isTTY ? printable(text) : text);
    this.#column = text.endsWith("\n") ? 0 : 1;
  }
}

function documentOf({ answer, sapModel, deployment, requestId }: Reply, model: ChatModel): unknown {
  const { usage } = answer;
  return {
    model: sapModel ?? model.id,
    text: textOf(answer.content),
    stop_reason: answer.stop_reason,
    usage: {
      input_tokens: usage.input_tokens,
      cache_read_tokens: usage.cache_read_input_tokens,
      cache_write_tokens: usage.cache_creation_input_tokens,
      output_tokens: usage.output_tokens,
      reasoning_tokens: usage.reasoning_tokens ?? null,
    },
    deployment: deployment ?? null,
    request_id: requestId ?? null,
  };
}
