/** The upstream and the load generator are in C: in Node they would be slower than some of what they measure. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { BenchError } from "./errors.ts";
import { NATIVE } from "./places.ts";

export interface Programs {
  upstream: string;
  load: string;
}

/** @throws BenchError where they cannot be built: no Linux, no C compiler. */
export function compilePrograms(folder: string): Programs {
  if (process.platform !== "linux") {
    throw new BenchError(
      "The bench runs on Linux only: it needs epoll and the kernel's accounting under /proc.",
    );
  }
  return { upstream: compile("upstream", folder), load: compile("load", folder) };
}

function compile(name: string, folder: string): string {
  const program = join(folder, name);
  try {
    execFileSync("cc", ["-O2", "-o", program, join(NATIVE, `${name}.c`)], { stdio: "pipe" });
    return program;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new BenchError(
      "There is no C compiler (cc): install gcc or clang, on Debian with `apt-get install gcc libc6-dev`.",
    );
  }
}
