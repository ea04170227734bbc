/** `aicore chat`: talking to a model through a proxy of its own, as every tool does. Nothing of what is said is written to disk. */
import { Conversation } from "../chat/conversation.ts";
import { answerOnce } from "./chat-answer.ts";
import { firstModel } from "./chat-model.ts";
import { questionFrom } from "./chat-question.ts";
import { converse } from "./chat-repl.ts";
import { loggerFor } from "./context.ts";
import { privateProxy } from "./private-proxy.ts";
import { openSession } from "./session.ts";
import type { Context } from "./types.ts";

interface ChatOptions {
  model?: string;
  system?: string;
  resourceGroup?: string;
}

export async function run(context: Context, words: string[], options: ChatOptions): Promise<undefined> {
  const { out, globals, env, version } = context;
  const question = await questionFrom(words, out);
  // One -v shows what the model thinks; the log, whose lines would run through the answer, takes two.
  const log = globals.verbose > 1 ? context.log : loggerFor(env, { ...globals, verbose: 0 }, "silent");
  const session = await openSession({ ...context, log }, { ...options, pool: true });
  const proxy = await privateProxy(session, { env, log, version });
  try {
    await out.during("Looking at the deployments", () => session.catalog.refresh());
    const model = await firstModel(session, options.model);
    const talk = new Conversation(proxy, {
      system: options.system,
      thinks: globals.verbose > 0,
      goesOn: question === undefined,
    });
    if (question === undefined) await converse(context, session, talk, model);
    else await answerOnce(context, talk, question, model);
  } finally {
    await proxy.close({ drain: 0 });
    await session.close();
  }
  return undefined;
}
