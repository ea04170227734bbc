import { expect, test } from "vitest";
import { pathsFor } from "../../src/config/paths.ts";

const HOME = { HOME: "/home/u" };
const WINDOWS = { USERPROFILE: "C:\\Users\\u" };

test.each<[string, NodeJS.Platform, NodeJS.ProcessEnv, [string, string, string]]>([
  [
    "XDG defaults",
    "linux",
    HOME,
    ["/home/u/.config/aicore", "/home/u/.local/state/aicore", "/home/u/.cache/aicore"],
  ],
  [
    "XDG variables",
    "linux",
    { XDG_CONFIG_HOME: "/x/c", XDG_STATE_HOME: "/x/s", XDG_CACHE_HOME: "/x/k" },
    ["/x/c/aicore", "/x/s/aicore", "/x/k/aicore"],
  ],
  [
    "relative XDG variables are ignored",
    "linux",
    { ...HOME, XDG_CONFIG_HOME: "c" },
    ["/home/u/.config/aicore", "/home/u/.local/state/aicore", "/home/u/.cache/aicore"],
  ],
  [
    "macOS",
    "darwin",
    HOME,
    ["/home/u/.config/aicore", "/home/u/Library/Application Support/aicore", "/home/u/Library/Caches/aicore"],
  ],
  [
    "Windows variables",
    "win32",
    { APPDATA: "D:\\roam", LOCALAPPDATA: "D:\\local" },
    ["D:\\roam\\aicore", "D:\\local\\aicore", "D:\\local\\aicore\\cache"],
  ],
  [
    "Windows without them",
    "win32",
    WINDOWS,
    [
      "C:\\Users\\u\\AppData\\Roaming\\aicore",
      "C:\\Users\\u\\AppData\\Local\\aicore",
      "C:\\Users\\u\\AppData\\Local\\aicore\\cache",
    ],
  ],
  ["AICORE_CLI_HOME", "linux", { AICORE_CLI_HOME: "/own" }, ["/own/config", "/own/state", "/own/cache"]],
  [
    "AICORE_CLI_HOME on Windows",
    "win32",
    { AICORE_CLI_HOME: "E:\\own" },
    ["E:\\own\\config", "E:\\own\\state", "E:\\own\\cache"],
  ],
])("%s", (_name, platform, env, [config, state, cache]) => {
  expect(pathsFor(env, platform)).toEqual({ config, state, cache });
});

test.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ["linux", {}, "HOME is not set"],
  ["linux", { HOME: "" }, "HOME is not set"],
  ["darwin", { HOME: "relative" }, 'HOME is "relative", which is not an absolute path'],
  ["win32", {}, "LOCALAPPDATA is not set"],
])("without a home there is an error with exit code 3 (%s, %o)", (platform, env, message) => {
  expect(() => pathsFor(env, platform)).toThrow(
    expect.objectContaining({ exitCode: 3, message: expect.stringContaining(message) }),
  );
});
