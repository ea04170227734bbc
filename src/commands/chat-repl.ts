/** The conversation on a terminal: a prompt, an answer, and again. */
import type { Conversation } from "../chat/conversation.ts";
import { type ChatModel, chatModels } from "../chat/model.ts";
import { SLASH_COMMANDS, type Slash, slashIn } from "../chat/slash.ts";
import { type HubUsage, promptOf } from "../hub/messages.ts";
import { describeFailure } from "../terminal/failure.ts";
import { LineReader } from "../terminal/line-reader.ts";
import { renderTable } from "../terminal/table.ts";
import { columnsOf } from "../terminal/wrap.ts";
import { hear } from "./chat-answer.ts";
import { modelNamed } from "./chat-model.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

const PROMPT = "> ";

/** Talks until the user leaves: `/exit`, Ctrl-D, or Ctrl-C twice. What fails is told, and the talk goes on. */
export async function converse(
  context: Context,
  session: Session,
  talk: Conversation,
  first: ChatModel,
): Promise<void> {
  const { out } = context;
  const lines = new LineReader(PROMPT);
  const style = { json: false, verbose: context.globals.verbose > 1, width: columnsOf(process.stderr) };
  let model = first;
  // Whether the last thing that happened was a Ctrl-C, so that another one leaves.
  let leaving = false;
  out.say(`Chat with ${model.id}. /help lists the commands, Ctrl-D leaves.`);
  try {
    for (;;) {
      const typed = await lines.read();
      if (typed.kind === "end" || (typed.kind === "interrupt" && leaving)) return;
      leaving = typed.kind === "interrupt";
      if (typed.kind === "interrupt") {
        out.say("Press Ctrl-C again, or Ctrl-D, to leave.");
        continue;
      }
      const slash = slashIn(typed.text);
      if (slash && "name" in slash && slash.name === "exit") return;
      try {
        if (slash) model = await obey(slash, context, session, talk, model);
        else if (typed.text.trim() !== "") leaving = await answer(context, talk, typed.text, model);
      } catch (error) {
        process.stderr.write(describeFailure(error, style));
      }
      out.stream("\n");
    }
  } finally {
    lines.close();
  }
}

/** @returns whether the user stopped it. */
async function answer(
  context: Context,
  talk: Conversation,
  text: string,
  model: ChatModel,
): Promise<boolean> {
  const { out, globals } = context;
  const reply = await hear(context, talk, text, model);
  if (reply.interrupted) out.say("(stopped)");
  if (reply.answer.stop_reason === "max_tokens") out.say("(cut off: the answer reached its longest)");
  if (reply.sapModel !== undefined && reply.sapModel !== model.id) out.say(`(answered by ${reply.sapModel})`);
  if (globals.verbose > 0 && !reply.interrupted) out.mutter(`${usageLine(reply.answer.usage)}\n`);
  return reply.interrupted;
}

/** @returns the model to go on with. */
async function obey(
  slash: Slash,
  { out }: Context,
  session: Session,
  talk: Conversation,
  model: ChatModel,
): Promise<ChatModel> {
  if (!("name" in slash)) {
    out.say(
      `There is no ${slash.unknown} here.${slash.meant ? ` Did you mean /${slash.meant}?` : " See /help."}`,
    );
    return model;
  }
  switch (slash.name) {
    case "clear":
      talk.clear();
      out.say("Forgotten. The next question begins a new conversation.");
      return model;
    case "model": {
      if (slash.argument === "") {
        listModels({ out }, session, model);
        return model;
      }
      const chosen = await modelNamed(session, slash.argument);
      out.say(`Now with ${chosen.id}.`);
      return chosen;
    }
    default:
      out.result(Object.values(SLASH_COMMANDS).join("\n"));
      out.prose("A line that ends in \\ goes on in the next one; pasted text is one message.");
      return model;
  }
}

function listModels({ out }: Pick<Context, "out">, { catalog }: Session, current: ChatModel): void {
  const rows = chatModels(catalog.models());
  out.result(
    renderTable(
      [
        { title: "", value: ({ id }) => (id === current.id ? "*" : ""), whole: true },
        { title: "Model", value: ({ id }) => id, whole: true },
        { title: "Aliases", value: ({ aliases }) => aliases.join(", "), spare: 1 },
      ],
      rows,
      out.width,
    ),
  );
}

function usageLine(usage: HubUsage): string {
  const { cache_read_input_tokens, output_tokens } = usage;
  const cached = cache_read_input_tokens > 0 ? ` (${cache_read_input_tokens} from the cache)` : "";
  return `[${promptOf(usage)} tokens in${cached}, ${output_tokens} out]`;
}
