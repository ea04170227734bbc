import { appendFileSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { followLog, lastLines, openLogFile, readLogFrom, writeLogFile } from "../../src/service/log-file.ts";
import { temporaryFolder } from "../cli/run.ts";

describe("the log file", () => {
  test("is private, whatever it was before", () => {
    const path = join(temporaryFolder(), "serve.log");
    writeFileSync(path, "before\n", { mode: 0o644 });
    writeLogFile(path)("after");
    expect(readFileSync(path, "utf8")).toBe("before\nafter\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("is not written through a symbolic link", () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, "elsewhere"), join(folder, "serve.log"));
    expect(() => openLogFile(join(folder, "serve.log"))).toThrow(/Cannot write the log file/);
  });

  test("stays small: a full one is kept once, beside it, and others go on in the same file", () => {
    const path = join(temporaryFolder(), "serve.log");
    const write = writeLogFile(path, 100);
    const other = openLogFile(path);
    for (let at = 0; at < 30; at++) write(`line ${at} ${"x".repeat(20)}`);
    appendFileSync(other, "from another\n");
    expect(statSync(path).size).toBeLessThanOrEqual(100);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(100);
    expect(statSync(`${path}.1`).mode & 0o777).toBe(0o600);
    expect(lastLines(path, 2)).toEqual([`line 29 ${"x".repeat(20)}`, "from another"]);
    expect(lastLines(path, 6).length).toBeGreaterThan(readFileSync(path, "utf8").trim().split("\n").length);
  });

  test("is read from a place on, and empty where there is none", () => {
    const path = join(temporaryFolder(), "serve.log");
    expect([readLogFrom(path, 0), lastLines(path, 5)]).toEqual(["", []]);
    writeFileSync(path, "one\ntwo\n");
    expect(readLogFrom(path, 4)).toBe("two\n");
    expect(lastLines(path, 0)).toEqual([]);
  });

  test("is followed by whole lines, also once it was emptied", async () => {
    const path = join(temporaryFolder(), "serve.log");
    writeFileSync(path, "old\n");
    const stop = new AbortController();
    const seen: string[] = [];
    let wake = () => {};
    const until = async (count: number) => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const followed = followLog(path, stop.signal, (line) => {
      seen.push(line);
      wake();
    });
    appendFileSync(path, "new, ");
    appendFileSync(path, "whole é\nand ");
    await until(1);
    truncateSync(path);
    appendFileSync(path, "again\n");
    await until(2);
    stop.abort();
    await followed;
    expect(seen).toEqual(["new, whole é", "again"]);
  });
});
