import { ConfigError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import { jsonErrorPosition } from "../hub/json-position.ts";
import type { LogLevel } from "../log.ts";
import { isProfileName, PROFILE_RULES, type Profile } from "./profiles.ts";
import { complaint, nearest, type Rule } from "./rules.ts";

/** Of the file's format. A file with a higher one was written by a later major version. */
export const SETTINGS_VERSION = 1;

/** The settings that a user sets one by one, with the type that each has. */
export interface SettingValues {
  "server.port": number;
  "server.host": string;
  /** Keys that `serve` accepts, as they are or as `sha256:` and the hex digest of one. */
  "server.apiKeys": readonly string[];
  /** Names under which a route or an ingress hands requests on to `serve`, `host` or `host:port`. */
  "server.hosts": readonly string[];
  "models.strict": boolean;
  /** Whether all profiles serve requests together, or only the current one. */
  "routing.profiles": "all" | "current";
  /** Whether a conversation stays at the deployment that has its prompt cache. */
  "routing.affinity": boolean;
  /** Seconds without a byte after which a stream begins with a ping, before the upstream has answered; 0 = never. */
  "server.earlyCommit": number;
  /** Seconds that an upstream may take to begin its answer, and be silent inside it. */
  "server.idle": number;
  /** PEM file with certificate authorities to trust beside Node's own. */
  "tls.caFile": string | undefined;
  "log.level": LogLevel;
  /** How lines of the log are written; "auto": for people on a terminal, as JSON anywhere else. */
  "log.format": "auto" | "text" | "json";
  /** What `aicore chat` talks to when nobody says; unset: the newest Claude. */
  "chat.model": string | undefined;
  /** Capacity units of one GenAI token, in which SAP's catalogue tells its rates. */
  "cost.factor": number;
  /** What a token costs that was read from the cache, as a multiple of one of plain input; unset: by model. */
  "cost.cacheRead": number | undefined;
  /** The same for one written to the cache, to live five minutes. */
  "cost.cacheWrite5m": number | undefined;
  /** To live an hour. */
  "cost.cacheWrite1h": number | undefined;
  /** Of a capacity unit, by your contract; unset: costs are not told in money. */
  "cost.price": number | undefined;
  /** Of that price. */
  "cost.currency": string;
  /** Whether to look once a day for a newer release. */
  "updates.check": boolean;
  /** Whether each request to a model is written down: when, by whom, how many tokens; never what was said. */
  "usage.enabled": boolean;
  /** Days that it is kept. */
  "usage.retention": number;
}

export type SettingName = keyof SettingValues;

interface SettingRow<T> {
  rule: Rule;
  fallback: T;
  /** The environment variable that goes before the file. */
  variable?: string;
  /** The rule for that variable, where it differs. */
  variableRule?: Rule;
}

/** A plain key has no comma, by which a list is written on the command line, and nothing that a header cannot hold. */
const API_KEYS: Rule = {
  type: "strings",
  secret: true,
  items: {
    name: "keys, each plain or sha256: and 64 hex digits",
    pattern: /^(?!sha256:)[\x21-\x2b\x2d-\x7e]+$|^sha256:[0-9a-f]{64}$/i,
  },
};
const HOSTS: Rule = {
  type: "strings",
  items: {
    name: "host names, each with or without a port",
    pattern: /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d{1,5})?$/i,
  },
};
/** SAP's documentation (an example) and a bill that another client reconciled with it, 2026-08. */
export const CAPACITY_UNITS = 1.90385;
const MULTIPLE: Rule = { type: "number", minimum: 0, maximum: 100 };
const CURRENCY: Rule = {
  type: "string",
  form: { name: "three capital letters, such as EUR", pattern: /^[A-Z]{3}$/ },
};
const LEVELS: LogLevel[] = ["silent", "error", "warn", "info", "debug"];

export const SETTINGS: { [Name in SettingName]: SettingRow<SettingValues[Name]> } = {
  "server.port": {
    rule: { type: "integer", minimum: 1, maximum: 65_535 },
    fallback: 6655,
    variable: "AICORE_PORT",
    // 0, any free port, makes sense for one run only.
    variableRule: { type: "integer", minimum: 0, maximum: 65_535 },
  },
  "server.host": { rule: { type: "string" }, fallback: "127.0.0.1", variable: "AICORE_HOST" },
  "server.apiKeys": { rule: API_KEYS, fallback: [] },
  "server.hosts": { rule: HOSTS, fallback: [], variable: "AICORE_HOSTS" },
  "models.strict": { rule: { type: "boolean" }, fallback: false },
  "routing.profiles": { rule: { type: "choice", choices: ["all", "current"] }, fallback: "all" },
  "routing.affinity": { rule: { type: "boolean" }, fallback: true },
  "server.earlyCommit": { rule: { type: "integer", minimum: 0, maximum: 280 }, fallback: 15 },
  "server.idle": { rule: { type: "integer", minimum: 10, maximum: 3_600 }, fallback: 600 },
  "tls.caFile": { rule: { type: "string" }, fallback: undefined },
  "log.level": { rule: { type: "choice", choices: LEVELS }, fallback: "info", variable: "AICORE_LOG" },
  "log.format": {
    rule: { type: "choice", choices: ["auto", "text", "json"] },
    fallback: "auto",
    variable: "AICORE_LOG_FORMAT",
  },
  "chat.model": { rule: { type: "string" }, fallback: undefined },
  "cost.factor": { rule: { type: "number", minimum: 0.001, maximum: 1_000 }, fallback: CAPACITY_UNITS },
  "cost.cacheRead": { rule: MULTIPLE, fallback: undefined },
  "cost.cacheWrite5m": { rule: MULTIPLE, fallback: undefined },
  "cost.cacheWrite1h": { rule: MULTIPLE, fallback: undefined },
  "cost.price": { rule: { type: "number", minimum: 0, maximum: 1_000_000 }, fallback: undefined },
  "cost.currency": { rule: CURRENCY, fallback: "EUR" },
  "updates.check": { rule: { type: "boolean" }, fallback: true },
  "usage.enabled": { rule: { type: "boolean" }, fallback: true },
  "usage.retention": { rule: { type: "integer", minimum: 1, maximum: 3_650 }, fallback: 400 },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** `config.json` as it is written: sections hold the settings, `server.port` being `port` in `server`. */
export interface SettingsDocument {
  version?: number;
  currentProfile?: string;
  profiles?: Record<string, Profile>;
  /** Client-visible name, `*` allowed → model. */
  aliases?: Record<string, string>;
  [section: string]: unknown;
}

const SECTIONS = new Set(SETTING_NAMES.map((name) => name.slice(0, name.indexOf("."))));
const TOP_LEVEL = ["version", "currentProfile", "profiles", "aliases", ...SECTIONS];

/**
 * The text of `config.json`, checked.
 * @returns the document, and a sentence for every name in it that means nothing
 * @throws ConfigError with line and column, or with the name of the setting that is wrong
 */
export function parseSettings(text: string): { document: SettingsDocument; warnings: string[] } {
  const document = parseJson(text);
  checkVersion(document.version);
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (name === "profiles") checkProfiles(value, warnings);
    else if (name === "aliases") checkAliases(value);
    else if (name === "currentProfile") check(name, { type: "string" }, value);
    else if (SECTIONS.has(name)) checkSection(name, value, warnings);
    else if (name !== "version") warnings.push(unknown(name, TOP_LEVEL));
  }
  return { document: document as SettingsDocument, warnings };
}

function parseJson(text: string): JsonObject {
  try {
    const document: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (isObject(document)) return document;
  } catch {
    const { line, column } = jsonErrorPosition(text);
    throw invalid(`config.json line ${line}, column ${column}: not valid JSON; file left unchanged`);
  }
  throw invalid("config.json line 1, column 1: not a JSON object; file left unchanged");
}

function checkVersion(version: Json | undefined): void {
  if (version === undefined) return;
  check("version", { type: "integer", minimum: 1, maximum: 1_000_000 }, version);
  if (Number(version) <= SETTINGS_VERSION) return;
  throw new ConfigError(
    "config_newer",
    `config.json was created by aicore ${version}.x; this aicore cannot read it.`,
    {
      hint: "Update with `npm install -g aicore@latest`, or set AICORE_CLI_HOME to another folder.",
    },
  );
}

function checkSection(section: string, value: Json, warnings: string[]): void {
  for (const [key, item] of Object.entries(objectAt(section, value))) {
    const name = `${section}.${key}`;
    if (isSettingName(name)) check(name, SETTINGS[name].rule, item);
    else warnings.push(unknown(name, SETTING_NAMES));
  }
}

function checkAliases(value: Json): void {
  for (const [alias, model] of Object.entries(objectAt("aliases", value))) {
    check(`aliases.${alias}`, { type: "string" }, model);
  }
}

function checkProfiles(value: Json, warnings: string[]): void {
  for (const [name, profile] of Object.entries(objectAt("profiles", value))) {
    if (!isProfileName(name)) throw invalid(`profiles: ${JSON.stringify(name)} is not a profile name`);
    const fields = objectAt(`profiles.${name}`, profile);
    for (const [field, rule] of Object.entries(PROFILE_RULES)) {
      if (rule.required || fields[field] !== undefined)
        check(`profiles.${name}.${field}`, rule, fields[field]);
    }
    const strangers = Object.keys(fields).filter((field) => !Object.hasOwn(PROFILE_RULES, field));
    warnings.push(...strangers.map((field) => unknown(`profiles.${name}.${field}`, profileFieldsOf(name))));
  }
}

function profileFieldsOf(name: string): string[] {
  return Object.keys(PROFILE_RULES).map((field) => `profiles.${name}.${field}`);
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** @throws ConfigError: `server.port: expected 1–65535, got "abc"` */
export function check(name: string, rule: Rule, value: unknown): void {
  const fault = complaint(rule, value);
  if (fault) throw invalid(`${name}: ${fault}`);
}

function objectAt(name: string, value: Json | undefined): JsonObject {
  if (isObject(value)) return value;
  throw invalid(`${name}: expected an object, got ${JSON.stringify(value)?.slice(0, 60)}`);
}

function unknown(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return `config.json: unknown setting "${name}"${meant ? `; did you mean "${meant}"?` : ""}`;
}

function invalid(message: string): ConfigError {
  return new ConfigError("config_invalid", message, {
    hint: "`aicore config path` prints where the file is; correct it there, or move it away.",
  });
}
