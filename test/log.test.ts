import { expect, test } from "vitest";
import { createLogger, jsonLine } from "../src/log.ts";
import { Output } from "../src/terminal/output.ts";

const ESCAPED = "the key \u001b[2Kaicl_abcdefghijkl is wrong";

test("a secret right behind an escape sequence is cut out of message and fields", () => {
  const lines: string[] = [];
  const log = createLogger("info", (line) => lines.push(line));
  log.info(ESCAPED, { header: `\u001b[1mBearer abcdefghijklmnop` });
  expect(lines).toEqual([
    expect.stringMatching(/ info {2}the key \[api key\] is wrong header="Bearer \[redacted\]"$/),
  ]);
});

test("and out of a warning on the terminal", () => {
  let shown = "";
  const stderr = { write: (text: string) => (shown += text) } as unknown as NodeJS.WriteStream;
  new Output({ json: false, quiet: false, color: false, env: {}, stderr }).warn(ESCAPED);
  expect(shown).toBe("Warning: the key [api key] is wrong\n");
});

test("a line of JSON holds what the line of text says", () => {
  const lines: string[] = [];
  const log = createLogger("info", (line) => lines.push(line), jsonLine);
  log.warn("it\nbroke", { status: 502, key: "aic_abcdefghijkl", none: undefined });
  log.debug("unheard");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: "warn",
      message: "it broke",
      status: 502,
      key: "[api key]",
    },
  ]);
});
