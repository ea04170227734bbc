/** `aicore restart`: the proxy in the background once more, as it was started, or as it is asked for now. */
import { pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { readBackgroundNote, serveArguments } from "./background.ts";
import { runningProxies } from "./running.ts";
import { doorFrom, type ServeOptions } from "./serve-door.ts";
import { startAndTell } from "./start.ts";
import { end } from "./stop.ts";
import type { Context } from "./types.ts";

export async function run(context: Context, _args: string[], options: ServeOptions): Promise<undefined> {
  const { env, globals } = context;
  const paths = pathsFor(env);
  const { port } = await doorFrom(options, loadSettings(env), env);
  const note = readBackgroundNote(paths);
  const running = runningProxies(paths).find((proxy) => proxy.pid === note?.pid || proxy.port === port);
  const asked = serveArguments(globals, options);
  if (running) await end(context, running, false);
  await startAndTell(context, asked.length === 1 && note ? note.args : asked);
  return undefined;
}
