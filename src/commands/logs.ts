/** `aicore logs`: what the proxy in the background has said. */
import { pathsFor } from "../config/paths.ts";
import { followLog, lastLines } from "../service/log-file.ts";
import { logFileIn } from "./background.ts";
import { countFrom } from "./numbers.ts";
import { untilAsked } from "./signals.ts";
import type { Context } from "./types.ts";

interface LogsOptions {
  follow?: boolean;
  lines?: string;
}

const LINES = "100";

export async function run({ env, out }: Context, _args: string[], options: LogsOptions): Promise<undefined> {
  const path = logFileIn(pathsFor(env));
  const lines = lastLines(path, countFrom(options.lines ?? LINES, "--lines"));
  if (!options.follow) {
    if (out.json) out.document({ path, lines });
    else if (lines.length > 0) out.result(lines.join("\n"));
    else out.say("There is no log yet. `aicore start` writes one.");
    return undefined;
  }
  const show = (line: string) => (out.json ? out.event({ line }) : out.result(line));
  const stop = new AbortController();
  const followed = followLog(path, stop.signal, show);
  for (const line of lines) show(line);
  await untilAsked();
  stop.abort();
  await followed;
  return undefined;
}
