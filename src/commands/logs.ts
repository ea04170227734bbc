/** `aicore logs`: what the proxy in the background has said. */
import { pathsFor } from "../config/paths.ts";
import { parseObject } from "../hub/json.ts";
import type { LogEntry } from "../log.ts";
import { followLog, lastLines } from "../service/log-file.ts";
import { paletteFor, wantsColor } from "../terminal/colors.ts";
import { prettyLine } from "../terminal/log-line.ts";
import { logFileIn } from "./background.ts";
import { countFrom } from "./numbers.ts";
import { untilAsked } from "./signals.ts";
import type { Context } from "./types.ts";

interface LogsOptions {
  follow?: boolean;
  lines?: string;
}

const LINES = "100";

export async function run(
  { env, globals, out }: Context,
  _args: string[],
  options: LogsOptions,
): Promise<undefined> {
  const path = logFileIn(pathsFor(env));
  const readable = out.json ? (line: string) => line : await readableLine(globals.color, env);
  const lines = lastLines(path, countFrom(options.lines ?? LINES, "--lines"));
  if (!options.follow) {
    if (out.json) out.document({ path, lines });
    else if (lines.length > 0) out.result(lines.map(readable).join("\n"));
    else out.say("There is no log yet. `aicore start` writes one.");
    return undefined;
  }
  const show = (line: string) => (out.json ? out.event({ line }) : out.result(readable(line)));
  const stop = new AbortController();
  const followed = followLog(path, stop.signal, show);
  for (const line of lines) show(line);
  await untilAsked();
  stop.abort();
  await followed;
  return undefined;
}

/** Lines of JSON as a person reads them; a pipe gets them as they are. */
async function readableLine(color: boolean, env: NodeJS.ProcessEnv): Promise<(line: string) => string> {
  if (!process.stdout.isTTY) return (line) => line;
  const paint = await paletteFor(wantsColor(process.stdout, env, color));
  const pretty = prettyLine(paint, () => process.stdout.columns);
  return (line) => {
    const entry = entryIn(line);
    return entry ? pretty(entry) : line;
  };
}

/** A line that this program wrote in JSON; undefined for any other. */
function entryIn(line: string): LogEntry | undefined {
  const { time, level, message, ...fields } = parseObject(line) ?? {};
  if (
    typeof time !== "string" ||
    typeof message !== "string" ||
    !/^(error|warn|info|debug)$/.test(String(level))
  ) {
    return undefined;
  }
  return { time: new Date(time), level, message, fields } as LogEntry;
}
