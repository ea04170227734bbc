import { expect, test } from "vitest";
import { debugFlagWarnings } from "../../src/commands/debug-flags.ts";

test.each<[options: string, args: string[], named: string[]]>([
  ["", [], []],
  ["--max-old-space-size=4096 --import ./x.mjs", [], []],
  ["--inspect-port=0", [], []],
  ["--inspect", [], ["--inspect"]],
  ["--no-warnings --inspect-brk=127.0.0.1:0", [], ["--inspect-brk"]],
  ["", ["--inspect-wait"], ["--inspect-wait"]],
  ["--report-uncaught-exception", ["--inspect=0"], ["--inspect", "--report-uncaught-exception"]],
  ["--heapsnapshot-signal=SIGUSR2", [], ["--heapsnapshot-signal"]],
])("T8 NODE_OPTIONS=%j and %j", (options, args, named) => {
  const warnings = debugFlagWarnings({ NODE_OPTIONS: options }, args);
  expect(warnings.map((text) => /with (\S+):/.exec(text)?.[1])).toEqual(named);
});
