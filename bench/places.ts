/** Where things lie, seen from `bench` (tests) and from `bench/out` (compiled). */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT = import.meta.dirname.replace(/[\\/]bench([\\/]out)?$/, "");
export const NATIVE = join(ROOT, "bench/native");
export const AICORE = join(ROOT, "bin/aicore.js");

/** The compiled module of a target that is a Node program. */
export function proxyModule(name: string): string {
  return join(ROOT, "bench/out/proxies", `${name}.js`);
}

export function makeWorkFolder(): string {
  return mkdtempSync(join(tmpdir(), "aicore-bench-"));
}
