import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
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

test("a path is taken as it is, from the working folder on", () => {
  const path = join(folder("by-path", { tool: {} }), "tool");
  const found = { found: "yes", program: { command: path, args: [] } };
  expect(findProgram(path, { PATH: "" }, "linux")).toEqual(found);
  expect(findProgram(relative(process.cwd(), path), {}, "linux")).toEqual(found);
  expect(findProgram("./no-such-tool", { PATH: ROOT }, "linux")).toEqual({ found: "no" });
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

  test("a name with an ending is found too, and a script that needs a shell cannot be run", () => {
    const place = folder("win-run", { "run.exe": {}, "build.cmd": { text: "echo hello" } });
    const lookup = (name: string) => findProgram(name, { Path: place, PATHEXT: ".EXE;.CMD" }, "win32");
    const found = { found: "yes", program: { command: join(place, "run.exe"), args: [] } };
    expect(lookup("run")).toEqual(found);
    expect(lookup("run.exe")).toEqual(found);
    expect(lookup("build")).toEqual({ found: "not runnable", path: join(place, "build.cmd") });
  });

  test.each([
    ['"%dp0%\\claude.exe"   %*', "claude.exe"],
    ['"%~dp0\\..\\x\\cli.js" %*', join("..", "x", "cli.js")],
    ["echo hello", undefined],
  ])("%s", (text, target) => {
    expect(shimTarget(text, "")).toBe(target);
  });
});
