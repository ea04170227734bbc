import { posix, win32 } from "node:path";
import { ConfigError } from "../errors.ts";

/** The three folders that this program writes to. None of them is made before something is written. */
export interface Paths {
  /** `config.json`, and the credential files of those who keep no keychain. */
  config: string;
  /** What must survive but is nobody's to edit: sealed keys, the local key, usage, logs. */
  state: string;
  /** What can be fetched again. */
  cache: string;
}

/**
 * The folders for this user: XDG on Linux; `~/.config` and `~/Library` on macOS (settings stand where gh and git keep
 * theirs); `%APPDATA%` and `%LOCALAPPDATA%` on Windows. `AICORE_CLI_HOME` moves all three under one folder.
 * @throws ConfigError when the variables name no home to stand on.
 */
export function pathsFor(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Paths {
  const { join, resolve } = platform === "win32" ? win32 : posix;
  if (env.AICORE_CLI_HOME) {
    const home = resolve(env.AICORE_CLI_HOME);
    return { config: join(home, "config"), state: join(home, "state"), cache: join(home, "cache") };
  }
  if (platform === "win32") return windowsPaths(env);
  const mac = platform === "darwin";
  return {
    config: join(xdg(env, "XDG_CONFIG_HOME", ".config"), "aicore"),
    state: mac
      ? join(home(env), "Library/Application Support/aicore")
      : join(xdg(env, "XDG_STATE_HOME", ".local/state"), "aicore"),
    cache: mac
      ? join(home(env), "Library/Caches/aicore")
      : join(xdg(env, "XDG_CACHE_HOME", ".cache"), "aicore"),
  };
}

function windowsPaths(env: NodeJS.ProcessEnv): Paths {
  const local = win32.join(windowsFolder(env, "LOCALAPPDATA", "AppData\\Local"), "aicore");
  const roaming = win32.join(windowsFolder(env, "APPDATA", "AppData\\Roaming"), "aicore");
  return { config: roaming, state: local, cache: win32.join(local, "cache") };
}

function windowsFolder(env: NodeJS.ProcessEnv, variable: string, underProfile: string): string {
  const folder = env[variable];
  if (folder && win32.isAbsolute(folder)) return folder;
  if (!env.USERPROFILE) throw homeless(variable, folder);
  return win32.join(env.USERPROFILE, underProfile);
}

/** The XDG specification says that a relative path is to be ignored. */
function xdg(env: NodeJS.ProcessEnv, variable: string, underHome: string): string {
  const folder = env[variable];
  return folder && posix.isAbsolute(folder) ? folder : posix.join(home(env), underHome);
}

function home(env: NodeJS.ProcessEnv): string {
  if (!env.HOME || !posix.isAbsolute(env.HOME)) throw homeless("HOME", env.HOME);
  return env.HOME;
}

function homeless(variable: string, value: string | undefined): ConfigError {
  const state = value ? `is "${value}", which is not an absolute path` : "is not set";
  return new ConfigError(
    "home_missing",
    `${variable} ${state}: there is no folder for the settings of aicore.`,
    {
      hint: `Set ${variable}, or set AICORE_CLI_HOME to a folder that aicore may use.`,
    },
  );
}
