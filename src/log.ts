/** The one log: levelled, one line an entry, redacted, free of control characters. */

export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";
export type LogFields = Record<string, string | number | boolean | undefined>;

/** What a line is made of: cleaned, free of secrets, fields without a value left out. */
export interface LogEntry {
  time: Date;
  level: Exclude<LogLevel, "silent">;
  message: string;
  fields: Record<string, string | number | boolean>;
}

export interface Logger {
  /** Whether an entry of this level is written at all: what is costly to put together need not be otherwise. */
  hears(level: LogEntry["level"]): boolean;
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Says a thing once for the life of the process: `key` tells whether it was said already. */
  once(key: string, level: LogEntry["level"], message: string): void;
}

const RANK: Record<LogLevel, number> = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 };
const FIELD_LIMIT = 1_000;
const ONCE_LIMIT = 1_000;

/**
 * A logger that hands finished lines (without a line end) to `write`; `wanted` may change its answer at any time.
 * @param lineOf how an entry becomes a line
 */
export function createLogger(
  wanted: LogLevel | (() => LogLevel),
  write: (line: string) => void,
  lineOf: (entry: LogEntry) => string = textLine,
): Logger {
  const level = typeof wanted === "function" ? wanted : () => wanted;
  const said = new Set<string>();
  const hears = (at: LogEntry["level"]) => RANK[at] <= RANK[level()];
  const say = (at: LogEntry["level"], message: string, fields: LogFields = {}) => {
    if (!hears(at)) return;
    write(lineOf({ time: new Date(), level: at, message: redact(clean(message)), fields: safe(fields) }));
  };
  return {
    hears,
    error: (message, fields) => say("error", message, fields),
    warn: (message, fields) => say("warn", message, fields),
    info: (message, fields) => say("info", message, fields),
    debug: (message, fields) => say("debug", message, fields),
    once(key, at, message) {
      if (said.has(key) || said.size >= ONCE_LIMIT) return;
      said.add(key);
      say(at, message);
    },
  };
}

/** For people: `2026-11-21T15:04:05.678Z info  the message field=value`. */
export function textLine({ time, level, message, fields }: LogEntry): string {
  return [`${time.toISOString()} ${level.padEnd(5)} ${message}`, ...fieldTexts(fields)].join(" ");
}

/** For programs: one JSON object, the fields beside `time`, `level` and `message`. */
export function jsonLine({ time, level, message, fields }: LogEntry): string {
  return JSON.stringify({ time: time.toISOString(), level, message, ...fields });
}

/** `field=value`, quoted where it has to be. */
export function fieldTexts(fields: LogEntry["fields"]): string[] {
  return Object.entries(fields).map(([key, value]) => {
    const plain = typeof value !== "string" || /^[\w.:/@[\]-]+$/.test(value);
    return `${key}=${plain ? value : JSON.stringify(value)}`;
  });
}

function safe(fields: LogFields): LogEntry["fields"] {
  const kept: LogEntry["fields"] = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    kept[key] = typeof value === "string" ? redact(clean(value)).slice(0, FIELD_LIMIT) : value;
  }
  return kept;
}

/** For callers that have nothing to log to. */
export const silentLogger: Logger = createLogger("silent", () => {});

/**
 * Cuts secrets out of a text: bearer tokens, JWTs, XSUAA client ids, our own keys, and the user part of URLs
 * (a corporate HTTPS_PROXY often holds a password). Give it cleaned text: a control character right before a key, or the
 * letter that ends an escape sequence, would make the key look like the rest of a word.
 */
export function redact(text: string): string {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, "[token]")
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 [redacted]")
    .replace(/\bsb-[\w-]+!b\d+(\|[\w-]+!b\d+)?/g, "[client id]")
    .replace(/\b(aic|aicl)_[\w-]{8,}/g, "[api key]")
    .replace(/(\bhttps?:\/\/)[^\s/@:]+(:[^\s/@]*)?@/gi, "$1***@")
    .replace(
      /(["']?\b(?:client_?secret|access_token|refresh_token|x-api-key|api-key|authorization|proxy-authorization)\b["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}]+)/gi,
      "$1[redacted]",
    );
}

/** Removes what could forge a line or drive a terminal: C0, C1, ANSI escapes, bidi controls. */
export function clean(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
      .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ")
  );
}
