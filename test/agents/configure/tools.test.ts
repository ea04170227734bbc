import { describe, expect, test } from "vitest";
import { TOOLS, toolNamed } from "../../../src/agents/configure/index.ts";
import { familyNames, newest, toolModels } from "../../../src/agents/configure/models.ts";
import type { Door, Place, ToolFile } from "../../../src/agents/configure/tool.ts";
import { doorAt, placeIn } from "./door.ts";

const WINDOWS = "C:\\Users\\u";
const ROAMING = { APPDATA: "C:\\Users\\u\\AppData\\Roaming" };

async function filesOf(name: string, place: Place, door: Door = doorAt(6655)): Promise<ToolFile[]> {
  const setup = toolNamed(name)?.setup;
  if (setup?.kind !== "files") throw new Error(`${name} has no files`);
  return await setup.files(door, place);
}

const PATHS: [string, Place, string[]][] = [
  ["claude", placeIn("/home/u"), ["/home/u/.claude/settings.json"]],
  ["claude", placeIn("/home/u", "linux", { CLAUDE_CONFIG_DIR: "/c" }), ["/c/settings.json"]],
  ["claude", placeIn(WINDOWS, "win32"), ["C:\\Users\\u\\.claude\\settings.json"]],
  ["codex", placeIn("/Users/u", "darwin"), ["/Users/u/.codex/config.toml"]],
  ["codex", placeIn("/home/u", "linux", { CODEX_HOME: "/x" }), ["/x/config.toml"]],
  ["codex", placeIn(WINDOWS, "win32"), ["C:\\Users\\u\\.codex\\config.toml"]],
  ["opencode", placeIn("/home/u"), ["/home/u/.config/opencode/opencode.json"]],
  ["opencode", placeIn("/Users/u", "darwin", { XDG_CONFIG_HOME: "/x" }), ["/x/opencode/opencode.json"]],
  ["opencode", { ...placeIn("/home/u"), exists: () => true }, ["/home/u/.config/opencode/opencode.jsonc"]],
  ["opencode", placeIn(WINDOWS, "win32"), ["C:\\Users\\u\\.config\\opencode\\opencode.json"]],
  ["gemini", placeIn("/home/u"), ["/home/u/.gemini/settings.json", "/home/u/.gemini/.env"]],
  [
    "gemini",
    placeIn(WINDOWS, "win32"),
    ["C:\\Users\\u\\.gemini\\settings.json", "C:\\Users\\u\\.gemini\\.env"],
  ],
  [
    "gemini",
    placeIn("/h", "linux", { GEMINI_CLI_HOME: "/g" }),
    ["/g/.gemini/settings.json", "/g/.gemini/.env"],
  ],
  ["qwen", placeIn("/home/u"), ["/home/u/.qwen/settings.json"]],
  ["qwen", placeIn("/home/u", "linux", { QWEN_HOME: "/q" }), ["/q/settings.json"]],
  ["continue", placeIn("/home/u"), ["/home/u/.continue/config.yaml", "/home/u/.continue/.env"]],
  ["continue", placeIn("/h", "linux", { CONTINUE_GLOBAL_DIR: "/c" }), ["/c/config.yaml", "/c/.env"]],
  ["zed", placeIn("/home/u"), ["/home/u/.config/zed/settings.json"]],
  ["zed", placeIn("/home/u", "linux", { XDG_CONFIG_HOME: "/x" }), ["/x/zed/settings.json"]],
  [
    "zed",
    { ...placeIn("/home/u"), exists: (path) => path.includes("/.var/app/") },
    ["/home/u/.var/app/dev.zed.Zed/config/zed/settings.json"],
  ],
  ["zed", placeIn("/Users/u", "darwin", { XDG_CONFIG_HOME: "/x" }), ["/Users/u/.config/zed/settings.json"]],
  ["zed", placeIn(WINDOWS, "win32", ROAMING), ["C:\\Users\\u\\AppData\\Roaming\\Zed\\settings.json"]],
];

test.each(PATHS)("%s keeps its settings where it looks for them: %o", async (name, place, paths) => {
  expect((await filesOf(name, place)).map(({ path }) => path)).toEqual(paths);
});

describe("the local key", () => {
  const tools = TOOLS.filter(({ setup }) => setup.kind === "files").map(({ name }) => name);

  test.each(tools)("stands in no file of %s that others may read", async (name) => {
    const files = await filesOf(name, placeIn("/home/u"));
    const open = files.filter(({ secret }) => !secret);
    expect(JSON.stringify(open)).not.toContain("aicl_local");
  });

  const KEY_FILE = "/home/o'neil/my state/local-key";
  test.each([
    ["linux", "/state/local-key", "cat /state/local-key"],
    ["darwin", KEY_FILE, "cat '/home/o'\\''neil/my state/local-key'"],
    ["win32", "C:\\Users\\u v\\local-key", 'findstr . "C:\\Users\\u v\\local-key"'],
  ] as const)("is printed for Claude Code by a command on %s", async (platform, keyFile, command) => {
    const [file] = await filesOf("claude", placeIn("/home/u", platform), { ...doorAt(6655), keyFile });
    expect(file?.entries).toContainEqual({ at: ["apiKeyHelper"], value: command });
  });

  test("is read by opencode with slashes on Windows too", async () => {
    const door = { ...doorAt(6655), keyFile: "C:\\a\\local-key" };
    const [file] = await filesOf("opencode", placeIn(WINDOWS, "win32"), door);
    expect(JSON.stringify(file?.entries)).toContain("{file:C:/a/local-key}");
  });
});

describe("models", () => {
  test.each([
    [["gpt-4.1", "gpt-5.5-mini", "gpt-5.5", "gpt-5"], "gpt-5.5"],
    [["gpt-5.10", "gpt-5.9"], "gpt-5.10"],
    [["o4-mini", "gpt-4o"], "gpt-4o"],
  ])("the newest of %o is %s", (ids, newestId) => {
    const { all } = toolModels(ids, async () => undefined);
    expect(newest(all, "gpt")?.id).toBe(newestId);
  });

  test("those that take no tools are left out", () => {
    const { all } = toolModels(["text-embedding-3-large", "gpt-5"], async () => undefined);
    expect(all.map(({ id }) => id)).toEqual(["gpt-5"]);
  });

  const CHOSEN: [string, readonly string[], string[]][] = [
    ["codex", ["anthropic--claude-4.6-sonnet", "gpt-5"], ["model", "gpt-5"]],
    ["codex", ["anthropic--claude-4.6-sonnet"], ["model", "anthropic--claude-4.6-sonnet"]],
    [
      "opencode",
      ["anthropic--claude-4.6-sonnet", "gpt-5"],
      ["model", "aicore-claude/anthropic--claude-4.6-sonnet"],
    ],
    ["opencode", ["gpt-5"], ["model", "aicore/gpt-5"]],
    ["gemini", ["gemini-2.5-pro", "gpt-5"], ["GEMINI_MODEL", "gemini-2.5-pro"]],
    ["qwen", ["gpt-5"], ["model.name", "gpt-5"]],
  ];
  test.each(CHOSEN)("%s begins, of %o, with %o", async (name, ids, [at = "", value = ""]) => {
    const files = await filesOf(name, placeIn("/home/u"), doorAt(6655, ids));
    const entries = files.flatMap((file) => file.entries);
    expect(entries).toContainEqual(expect.objectContaining({ at: at.split("."), value }));
  });

  test.each(TOOLS)("$name can be set up when nobody can be asked for models", async ({ setup }) => {
    const door: Door = { ...doorAt(6655), models: familyNames() };
    if (setup.kind === "by hand") expect(JSON.stringify(await setup.fields(door))).toMatch(/sonnet/);
    else for (const file of await setup.files(door, placeIn("/home/u"))) expect(file.entries).not.toEqual([]);
  });
});

test("Cursor is told a name that it does not refuse", async () => {
  const setup = toolNamed("cursor")?.setup;
  if (setup?.kind !== "by hand") throw new Error("Cursor is set up by hand");
  const fields = await setup.fields(doorAt(6655));
  expect(fields.at(-1)?.value).not.toMatch(/claude/i);
  expect(setup.notes.join()).toContain("aicore models map");
});
