import { expect, test } from "vitest";
import { cpuTimeIn, cpuTimeOf, residentIn, residentOf } from "../../bench/kernel.ts";

test("a schedstat's first figure is the time on a CPU", () => {
  expect(cpuTimeIn("50182699 13535799 149\n")).toBe(50_182_699);
  expect(cpuTimeIn("")).toBe(0);
});

test("a status tells resident kilobytes", () => {
  expect(residentIn("Name:\tnode\nVmHWM:\t  90000 kB\nVmRSS:\t   53248 kB\nThreads:\t11\n")).toBe(53_248);
  expect(residentIn("Name:\tkthreadd\n")).toBe(0);
});

test.runIf(process.platform === "linux")(
  "this process has used a CPU and memory, one that is gone has not",
  () => {
    expect(cpuTimeOf(process.pid)).toBeGreaterThan(0);
    expect(residentOf(process.pid)).toBeGreaterThan(1);
    expect(cpuTimeOf(2 ** 30)).toBe(0);
  },
);
