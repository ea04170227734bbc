/** How `serve` speaks: to people on a terminal, in JSON lines to whatever collects logs, or to a file. */
import type { Settings } from "../config/settings.ts";
import { jsonLine, type Logger, textLine } from "../log.ts";
import { writeContentFile } from "../service/content-file.ts";
import { writeLogFile } from "../service/log-file.ts";
import { paletteFor, wantsColor } from "../terminal/colors.ts";
import { prettyLine } from "../terminal/log-line.ts";
import { loggerFor } from "./context.ts";
import type { Context } from "./types.ts";

export interface Voice {
  log: Logger;
  /** What people want to know and programs need not: part of the log where that is JSON, so that every line is. */
  say(text: string): void;
  warn(text: string): void;
}

type Line = typeof textLine;

/**
 * With --json or --quiet nothing is logged, unless -v or AICORE_LOG ask for it.
 * @throws ConfigError for a log file that cannot be written
 */
export async function voiceOf(
  { env, globals, out }: Context,
  settings: Settings,
  logFile?: string,
): Promise<Voice> {
  const line = await lineFor(settings.value("log.format"), logFile, env, globals.color);
  const log = loggerFor(
    env,
    globals,
    () => (out.json || out.quiet ? "silent" : settings.value("log.level")),
    logFile ? writeLogFile(logFile) : undefined,
    line,
  );
  if (line !== jsonLine || logFile)
    return { log, say: (text) => out.say(text), warn: (text) => out.warn(text) };
  return { log, say: (text) => log.info(text.split("\n", 1)[0] ?? ""), warn: (text) => log.warn(text) };
}

/**
 * Where prompts and answers go with `--log-content`; undefined without it.
 * @throws ConfigError for a file that cannot be written
 */
export function contentLog(
  path: string | undefined,
  warn: Voice["warn"],
): ((content: object) => void) | undefined {
  if (!path) return undefined;
  const write = writeContentFile(path);
  warn(`--log-content: every prompt and every answer is written to ${path}, readable by you alone.`);
  return write;
}

async function lineFor(
  format: "auto" | "text" | "json",
  logFile: string | undefined,
  env: NodeJS.ProcessEnv,
  color: boolean,
): Promise<Line> {
  if (format === "text") return textLine;
  if (format === "json" || logFile || !process.stderr.isTTY) return jsonLine;
  const paint = await paletteFor(wantsColor(process.stderr, env, color));
  return prettyLine(paint, () => process.stderr.columns);
}
