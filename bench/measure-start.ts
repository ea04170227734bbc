/** How long programs take from their spawn to the sign that a user waits for. Not bound to a CPU: users' are not. */
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { spawnOn, stop } from "./children.ts";
import { environmentFor } from "./environment.ts";
import { BenchError } from "./errors.ts";
import { AICORE } from "./places.ts";
import { addReading, type Readings, type Subject, shuffled } from "./readings.ts";
import type { Stage } from "./stage.ts";

interface Program {
  subject: Subject;
  title: string;
  arguments: string[];
  /** Its first output, or its end. */
  until: "output" | "end";
}

export const START = { id: "start", title: "Start-up", shows: ["wall"] } as const;

/** `claude` is a shell script that says a word: the time ends when a child of the launcher runs. */
export const PROGRAMS: readonly Program[] = [
  { subject: "node", title: "node -e 0", arguments: ["-e", "0"], until: "end" },
  { subject: "version", title: "aicore --version", arguments: [AICORE, "--version"], until: "end" },
  {
    subject: "serve",
    title: "aicore serve until ready",
    arguments: [AICORE, "serve", "--port", "0", "--json"],
    until: "output",
  },
  {
    subject: "claude",
    title: "aicore claude until its child runs",
    arguments: [AICORE, "--quiet", "claude"],
    until: "output",
  },
];

/** The first start of each is not counted: it fills the caches of the disk, and those that `aicore` keeps. */
export async function measureStart(
  { upstream, folder }: Stage,
  { times }: { times: number },
  readings: Readings,
): Promise<void> {
  const env = withFakeClaude(environmentFor(upstream, folder), folder);
  for (const program of PROGRAMS) await timeOf(program, env);
  for (let time = 0; time < times; time++) {
    for (const program of shuffled(PROGRAMS)) {
      addReading(readings, START.id, program.subject, { wall: await timeOf(program, env) });
    }
  }
}

/** Milliseconds. @throws BenchError when it ends without the sign. */
async function timeOf(program: Program, env: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now();
  const child = spawnOn([process.execPath, ...program.arguments], { env });
  let heard: number | undefined;
  let complaint = "";
  child.stdout?.once("data", () => {
    heard = performance.now();
    if (program.subject === "serve") void stop(child);
  });
  child.stderr?.on("data", (text) => {
    complaint += text;
  });
  await once(child, "exit");
  const ended = performance.now();
  if (program.until === "output" && heard === undefined) {
    throw new BenchError(`${program.title} said nothing: ${complaint.trim()}`);
  }
  return (program.until === "output" && heard ? heard : ended) - began;
}

function withFakeClaude(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const programs = join(folder, "programs");
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, "claude"), "#!/bin/sh\necho running\n", { mode: 0o755 });
  return { ...env, PATH: [programs, env.PATH].filter(Boolean).join(delimiter) };
}
