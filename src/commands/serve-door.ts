/** Where `serve` listens and whom it lets in. Pure: decided before credentials are touched. */
import type { Settings } from "../config/settings.ts";
import { UsageError } from "../errors.ts";
import { isLoopback } from "../proxy/guard/addresses.ts";
import { portFrom, secondsFrom } from "./numbers.ts";

export interface ServeOptions {
  port?: string;
  host?: string;
  /** False for `--no-auth`. */
  auth?: boolean;
  drain?: string;
  resourceGroup?: string;
  logFile?: string;
}

export interface Door {
  host: string;
  port: number;
  /** Keys of AICORE_API_KEYS. */
  keys: string[];
  noAuth: boolean;
  drainSeconds: number;
}

const DRAIN_SECONDS = "10";

/** @throws UsageError for numbers that are none, and for a door that would stand open to the network. */
export function doorFrom(options: ServeOptions, settings: Settings, env: NodeJS.ProcessEnv): Door {
  const host = options.host ?? settings.value("server.host");
  const keys = (env.AICORE_API_KEYS ?? "")
    .split(",")
    .map((key) => key.trim())
    .filter(Boolean);
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
    if (keys.length === 0) {
      throw new UsageError("no_api_keys", `Refusing to listen on ${host} without API keys.`, {
        hint: "Create one: aicore keys create, or set AICORE_API_KEYS. The local key does not count there.",
      });
    }
  }
  return {
    host,
    port: options.port === undefined ? settings.value("server.port") : portFrom(options.port, "--port"),
    keys,
    noAuth,
    drainSeconds: secondsFrom(options.drain ?? DRAIN_SECONDS, "--drain"),
  };
}
