/** A process and its descendants in Linux's own accounting, under `/proc`. */
import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds on a CPU, from a `schedstat`: its first figure; the others are waiting time and timeslices. */
export function cpuTimeIn(schedstat: string): number {
  return Number(schedstat.split(" ", 1)[0]);
}

/** Kilobytes of resident memory, from a process's `status`. */
export function residentIn(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}

/** Nanoseconds that all threads of the tree have been on a CPU. Threads that have ended are not counted. */
export function cpuTimeOf(pid: number): number {
  const files = treeOf(pid).flatMap((each) => tasksOf(each).map((task) => `${task}/schedstat`));
  return sum(files.map((file) => cpuTimeIn(readOrNothing(file))));
}

/** Megabytes of resident memory of the tree. What its processes share is counted for each. */
export function residentOf(pid: number): number {
  return sum(treeOf(pid).map((each) => residentIn(readOrNothing(`/proc/${each}/status`)))) / 1024;
}

function treeOf(pid: number): number[] {
  const children = tasksOf(pid).flatMap((task) => readOrNothing(`${task}/children`).trim().split(" "));
  return [pid, ...children.filter(Boolean).flatMap((child) => treeOf(Number(child)))];
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
  } catch {
    return [];
  }
}

/** Threads come and go between two looks. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
