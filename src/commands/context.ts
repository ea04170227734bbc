import { UsageError } from "../errors.ts";
import { createLogger, type LogEntry, type Logger, type LogLevel, textLine } from "../log.ts";
import { Output } from "../terminal/output.ts";
import type { Context, Globals } from "./types.ts";

const LEVELS: LogLevel[] = ["silent", "error", "warn", "info", "debug"];

/** @throws UsageError for an AICORE_LOG that is no level. */
export async function createContext(
  env: NodeJS.ProcessEnv,
  globals: Globals,
  version: string,
): Promise<Context> {
  const { json, quiet, color } = globals;
  const out = await Output.open({ json, quiet, color, env });
  return { env, globals, out, log: loggerFor(env, globals, "silent"), version };
}

/**
 * The log of a command: at the level of -v first, then of AICORE_LOG, then what the command does without either, which
 * may change.
 * @param write takes each line; to stderr unless the command has a better place.
 * @param lineOf how an entry becomes a line
 */
export function loggerFor(
  env: NodeJS.ProcessEnv,
  globals: Globals,
  otherwise: LogLevel | (() => LogLevel),
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  lineOf: (entry: LogEntry) => string = textLine,
): Logger {
  return createLogger(levelOf(env, globals) ?? otherwise, write, lineOf);
}

function levelOf(env: NodeJS.ProcessEnv, { verbose }: Globals): LogLevel | undefined {
  if (verbose > 0) return verbose > 1 ? "debug" : "info";
  const wanted = env.AICORE_LOG;
  if (!wanted) return undefined;
  const level = LEVELS.find((each) => each === wanted);
  if (level) return level;
  throw new UsageError("bad_log_level", `AICORE_LOG: expected one of ${LEVELS.join(", ")}, got "${wanted}".`);
}
