import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type Shell, shellOf, writeVariables } from "../../src/commands/shell.ts";

const NASTY = `a'b "c" $HOME \`id\` \\ %PATH% é`;

describe("each shell's own quotes", () => {
  test.each<[Shell, string, string]>([
    ["bash", "it's", "export X='it'\\''s'\n"],
    ["zsh", "$HOME", "export X='$HOME'\n"],
    ["fish", "it's \\n", "set -gx X 'it\\'s \\\\n'\n"],
    ["powershell", "it's $env:X", "$env:X = 'it''s $env:X'\n"],
    ["powershell", "it’s", "$env:X = 'it’’s'\n"],
    ["cmd", "100% & more", 'set "X=100%% & more"\n'],
    ["dotenv", "http://127.0.0.1:6655", "X=http://127.0.0.1:6655\n"],
    ["dotenv", 'a "b"', 'X="a \\"b\\""\n'],
    ["json", 'a "b"', '{\n  "X": "a \\"b\\""\n}\n'],
  ])("%s: %s", (shell, value, written) => {
    expect(writeVariables(shell, { X: value }, [])).toBe(written);
  });

  test.each<[Shell, string]>([
    ["bash", "unset OLD\n"],
    ["fish", "set -e OLD\n"],
    ["powershell", "Remove-Item Env:OLD -ErrorAction SilentlyContinue\n"],
    ["cmd", 'set "OLD="\n'],
    ["dotenv", ""],
    ["json", "{}\n"],
  ])("%s takes a variable away", (shell, written) => {
    expect(writeVariables(shell, {}, ["OLD"])).toBe(written);
  });

  test.each(['a"b', "a\nb"])("cmd refuses what it cannot take: %j", (value) => {
    expect(() => writeVariables("cmd", { X: value }, [])).toThrow(/cmd cannot take/);
  });

  test("a real shell reads the value back unchanged", () => {
    const script = `${writeVariables("bash", { X: `${NASTY}\nline` }, [])}printf %s "$X"`;
    expect(spawnSync("sh", ["-c", script]).stdout.toString()).toBe(`${NASTY}\nline`);
  });
});

test.each([
  ["linux", { SHELL: "/usr/bin/fish" }, "fish"],
  ["darwin", { SHELL: "/bin/zsh" }, "zsh"],
  ["linux", { SHELL: "/bin/dash" }, "bash"],
  ["linux", {}, "bash"],
  ["win32", { PSModulePath: "C:\\x" }, "powershell"],
  ["win32", { PROMPT: "$P$G", PSModulePath: "C:\\x" }, "cmd"],
] as const)("on %s with %j the shell is %s", (platform, env, shell) => {
  expect(shellOf(env, platform)).toBe(shell);
});
