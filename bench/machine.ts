/** What a run was made on: figures of two machines are not compared, ratios may be. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { canPin } from "./children.ts";
import { ROOT } from "./places.ts";

export interface Conditions {
  date: string;
  /** The version of `aicore`, with the commit where it is known. */
  version: string;
  node: string;
  cpu: string;
  cores: number;
  /** Whether servers and load had a CPU each. */
  pinned: boolean;
  rounds: number;
}

export function conditionsOf(rounds: number): Conditions {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return {
    date: new Date().toISOString().slice(0, 10),
    version: [version, commit()].filter(Boolean).join(" "),
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    pinned: canPin(),
    rounds,
  };
}

export function conditionsText({ date, version, node, cpu, cores, pinned, rounds }: Conditions): string {
  const where = `${cores} × ${cpu}, Node ${node}`;
  const how = pinned ? "servers and load on a CPU each" : "not bound to CPUs";
  return `aicore ${version}, ${date}, ${where}; ${rounds} ${rounds === 1 ? "round" : "rounds"}, ${how}`;
}

function commit(): string {
  try {
    const hash = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, stdio: "pipe" });
    return `(${hash.toString().trim()})`;
  } catch {
    return "";
  }
}
