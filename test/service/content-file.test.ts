import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeContentFile } from "../../src/service/content-file.ts";
import { temporaryFolder } from "../cli/run.ts";

const DAY = 24 * 3_600_000;

test("prompts and answers are kept for a day, readable by their owner alone", () => {
  const path = join(temporaryFolder(), "said", "content.jsonl");
  let ahead = 0;
  const write = writeContentFile(path, () => Date.now() + ahead);
  write({ asked: "one" });
  write({ asked: "two" });
  expect(readFileSync(path, "utf8")).toBe('{"asked":"one"}\n{"asked":"two"}\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  ahead = DAY + 1_000;
  write({ asked: "three" });
  expect(readFileSync(path, "utf8")).toBe('{"asked":"three"}\n');
  ahead = 2 * DAY + 2_000;
  write({ asked: "four" });
  expect([existsSync(`${path}.1`), readFileSync(path, "utf8")]).toEqual([false, '{"asked":"four"}\n']);
});
