/** `aicore start`: the proxy in the background. */

import { pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { count } from "../terminal/count.ts";
import { aicoreVersionAt, askProxy } from "./ask-proxy.ts";
import { readBackgroundNote, serveArguments, startInBackground } from "./background.ts";
import { readLocalKey } from "./local-key.ts";
import { type RunningProxy, runningProxies } from "./running.ts";
import { doorFrom, type ServeOptions } from "./serve-door.ts";
import type { Context } from "./types.ts";

export async function run(context: Context, _args: string[], options: ServeOptions): Promise<undefined> {
  const { env, globals, out } = context;
  const { port } = await doorFrom(options, loadSettings(env), env);
  const running = await findRunning(context, options.port === undefined ? undefined : port, port);
  if (running) {
    if (out.json) out.document({ ...documentOf(running), started: false });
    else out.prose(`aicore is already running on ${running.url} (pid ${running.pid}).`);
    return undefined;
  }
  await startAndTell(context, serveArguments(globals, options));
  return undefined;
}

/** Starts the proxy, and says where it is and what it has. */
export async function startAndTell(context: Context, args: string[]): Promise<void> {
  const { env, out } = context;
  const { proxy, models } = await out.during("Starting the proxy", async () => {
    const started = await startInBackground(context, args);
    const key = env.AICORE_API_KEYS?.split(",")[0]?.trim() || readLocalKey(pathsFor(env));
    const list = await askProxy(`${started.url}/v1/models`, key, started.certificate);
    return { proxy: started, models: Array.isArray(list?.data) ? list.data.length : 0 };
  });
  if (out.json) {
    out.document({ ...documentOf(proxy), started: true, models });
    return;
  }
  out.prose(`aicore runs on ${proxy.url} (pid ${proxy.pid}, ${count(models, "model")}).`);
  if (models === 0) out.say("No models yet; `aicore logs` says why. The proxy goes on trying.");
  out.say('Use it: eval "$(aicore env claude)".  End it: aicore stop');
}

function documentOf({ url, port, pid, version }: RunningProxy): Record<string, unknown> {
  return { url, port, pid, version };
}

/** The proxy on the port that was asked for; when none was, the one in the background, or one on the usual port. */
async function findRunning(
  { env }: Context,
  asked: number | undefined,
  usual: number,
): Promise<RunningProxy | undefined> {
  const paths = pathsFor(env);
  const note = readBackgroundNote(paths);
  const fits = ({ port, pid }: RunningProxy) =>
    asked === undefined ? pid === note?.pid || port === usual : port === asked;
  for (const proxy of runningProxies(paths).filter(fits)) {
    if (await aicoreVersionAt(proxy.url, proxy.certificate)) return proxy;
  }
  return undefined;
}
