import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findProgram, shimTarget } from "../../src/agents/program.ts";

const ROOT = mkdtempSync(join(tmpdir(), "aicore-program-"));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

function folder(name: string, files: Record<string, { text?: string; mode?: number }>): string {
  const path = join(ROOT, name);
  mkdirSync(path, { recursive: true });
  for (const [file, { text = "#!/bin/sh\n", mode = 0o755 }] of Object.entries(files)) {
    writeFileSync(join(path, file), text);
    chmodSync(join(path, file), mode);
  }
  return path;
}

describe("on Unix", () => {
  const good = folder("good", { tool: {} });
  const plain = folder("plain", { tool: { mode: 0o644 } });
  mkdirSync(join(ROOT, "nested", "tool"), { recursive: true });

  test.each([
    [
      "the first folder that has it",
      [plain, good],
      { found: "yes", program: { command: join(good, "tool"), args: [] } },
    ],
    ["one that cannot be run", [plain], { found: "not runnable", path: join(plain, "tool") }],
    ["a folder of that name", [join(ROOT, "nested")], { found: "no" }],
    ["a PATH that leads nowhere", ["/nonexistent", "", ".", join(good, "tool")], { found: "no" }],
  ])("%s", (_name, folders, result) => {
    expect(findProgram("tool", { PATH: folders.join(delimiter) }, "linux")).toEqual(result);
  });
});

describe("on Windows", () => {
  const shim = '@ECHO off\r\n"%_prog%"  "%dp0%\\node_modules\\@anthropic-ai\\claude-code\\cli.js" %*\r\n';
  const bin = folder("win", { "tool.cmd": { text: shim } });

  test("npm's shim is looked through, so that no shell is needed", () => {
    const target = join(bin, "node_modules", "@anthropic-ai", "claude-code", "cli.js");
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, "");
    expect(findProgram("tool", { Path: bin, PATHEXT: ".EXE;.CMD" }, "win32")).toEqual({
      found: "yes",
      program: { command: process.execPath, args: [target] },
    });
  });

  test.each([
    ['"%dp0%\\claude.exe"   %*', "claude.exe"],
    ['"%~dp0\\..\\x\\cli.js" %*', join("..", "x", "cli.js")],
    ["echo hello", undefined],
  ])("%s", (text, target) => {
    expect(shimTarget(text, "")).toBe(target);
  });
});
