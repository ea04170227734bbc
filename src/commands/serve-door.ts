/** Where `serve` listens and whom it lets in: decided before credentials are touched. */
import type { Settings } from "../config/settings.ts";
import { UsageError } from "../errors.ts";
import { unlimitedKey } from "../keys/accepted.ts";
import type { AcceptedKey } from "../keys/api-key.ts";
import { isLoopback } from "../proxy/guard/addresses.ts";
import { portFrom, secondsFrom } from "./numbers.ts";
import type { TlsFiles, TlsOptions } from "./tls-files.ts";

export interface ServeOptions extends TlsOptions {
  port?: string;
  host?: string;
  /** False for `--no-auth`. */
  auth?: boolean;
  drain?: string;
  resourceGroup?: string;
  logFile?: string;
  logContent?: string;
}

export interface Door {
  host: string;
  port: number;
  noAuth: boolean;
  drainSeconds: number;
  /** undefined: plain http. */
  tls: TlsFiles | undefined;
}

const DRAIN_SECONDS = "10";

/** The keys that a user chose, beside the local one: of AICORE_API_KEYS, then of the settings as they are now. */
export function keysFrom(settings: Settings, env: NodeJS.ProcessEnv): AcceptedKey[] {
  return [
    ...environmentKeys(env).map((key) => unlimitedKey("environment", key)),
    ...settings.value("server.apiKeys").map((key) => unlimitedKey("settings", key)),
  ];
}

export function environmentKeys(env: NodeJS.ProcessEnv): string[] {
  return (env.AICORE_API_KEYS ?? "")
    .split(",")
    .map((key) => key.trim())
    .filter(Boolean);
}

/**
 * @throws UsageError for numbers that are none, and for a door that would stand open to the network; what `tlsFrom` throws
 */
export async function doorFrom(
  options: ServeOptions,
  settings: Settings,
  env: NodeJS.ProcessEnv,
): Promise<Door> {
  const host = options.host ?? settings.value("server.host");
  const noAuth = options.auth === false;
  if (!isLoopback(host)) {
    if (noAuth) {
      throw new UsageError(
        "open_door",
        `--no-auth works on loopback only; ${host} can be reached from elsewhere.`,
        {
          hint: "Leave out --no-auth, or --host.",
        },
      );
    }
    if (keysFrom(settings, env).length === 0 && !(await areStored(env))) {
      throw new UsageError("no_api_keys", `Refusing to listen on ${host} without API keys.`, {
        hint: "Create one: aicore keys create, or set AICORE_API_KEYS or server.apiKeys. The local key does not count there.",
      });
    }
  }
  return {
    host,
    port: options.port === undefined ? settings.value("server.port") : portFrom(options.port, "--port"),
    noAuth,
    drainSeconds: secondsFrom(options.drain ?? DRAIN_SECONDS, "--drain"),
    tls: await tlsOf(options, host),
  };
}

/** Loaded only for https. */
async function tlsOf(options: TlsOptions, host: string): Promise<TlsFiles | undefined> {
  if (options.tlsCert === undefined && options.tlsKey === undefined) return undefined;
  const { tlsFrom } = await import("./tls-files.ts");
  return tlsFrom(options, host);
}

/** Loaded only for a door to the network. */
async function areStored(env: NodeJS.ProcessEnv): Promise<boolean> {
  const { hasStoredKeys } = await import("./stored-keys.ts");
  return await hasStoredKeys(env);
}
