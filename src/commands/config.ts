/** `aicore config list|get|set|unset|path`: the settings, and where each comes from. */
import { join } from "node:path";
import { pathsFor } from "../config/paths.ts";
import { loadSettings, type Setting } from "../config/settings.ts";
import { ConfigError } from "../errors.ts";
import { redact } from "../log.ts";
import { isDigest } from "../proxy/guard/keys.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import type { Context } from "./types.ts";

const USER_PART = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;

const KEYS = "server.apiKeys";
const IN_SIGHT =
  "A plain key on the command line is seen by other programs and kept in the shell's history, and now stands in config.json. " +
  'Its digest does as well: printf %s "$KEY" | sha256sum (macOS: shasum -a 256), then set sha256:<digest>.';

export async function list({ out, env }: Context): Promise<undefined> {
  const settings = loadSettings(env);
  const rows = settings.list().map(masked);
  if (out.json) out.document({ path: settings.path, settings: rows.map(documentOf) });
  else out.result(renderTable(COLUMNS, rows, out.width));
  for (const warning of settings.warnings) out.warn(warning);
  return undefined;
}

export async function get({ out, env }: Context, [name = ""]: string[]): Promise<undefined> {
  const setting = masked(loadSettings(env).get(name));
  if (out.json) out.document(documentOf(setting));
  else if (setting.value !== undefined) out.result(textOf(setting));
  else out.say(`${name} is not set.`);
  return undefined;
}

export async function set(context: Context, [name = "", value = ""]: string[]): Promise<undefined> {
  return await change(context, name, value);
}

export async function unset(context: Context, [name = ""]: string[]): Promise<undefined> {
  return await change(context, name, "");
}

/** Works with a file that cannot be read too: its errors send people here. */
export async function path({ out, env }: Context): Promise<undefined> {
  const file = join(pathsFor(env).config, "config.json");
  if (out.json) out.document({ path: file });
  else out.result(file);
  return undefined;
}

async function change({ out, env }: Context, name: string, value: string): Promise<undefined> {
  const settings = loadSettings(env);
  await settings.set(name, value).catch((error: unknown) => {
    throw error instanceof ConfigError && error.code === "config_invalid" ? notTaken(error) : error;
  });
  const setting = masked(settings.get(name));
  if (out.json) out.document(documentOf(setting));
  else
    out.result(
      `${name} is ${setting.value === undefined ? "not set" : textOf(setting)} (${setting.origin}).`,
    );
  if (name === KEYS && value.split(",").some((key) => key !== "" && !isDigest(key.trim())))
    out.warn(IN_SIGHT);
  if (!["config.json", "default"].includes(setting.origin))
    out.warn(`${setting.origin} goes before config.json; it is set in this environment.`);
  return undefined;
}

/** The usual advice, to correct the file, would be wrong here. */
function notTaken({ code, message }: ConfigError): ConfigError {
  return new ConfigError(code, message, { hint: "Nothing was changed. See aicore config list" });
}

/** A secret is not among them, only how many there are; the address of a database or a proxy may still hold a password. */
function masked({ name, value, origin }: Setting): Setting {
  return {
    name,
    origin,
    value: typeof value === "string" ? redact(value).replace(USER_PART, "$1***@") : value,
  };
}

function documentOf({ name, value, origin }: Setting): unknown {
  return { name, value: value ?? null, origin };
}

function textOf({ value }: Setting): string {
  if (value === undefined) return "-";
  return Array.isArray(value) ? value.join(",") : String(value);
}

const COLUMNS: Column<Setting>[] = [
  { title: "Name", value: ({ name }) => name, whole: true },
  { title: "Value", value: textOf },
  { title: "Origin", value: ({ origin }) => origin },
];
