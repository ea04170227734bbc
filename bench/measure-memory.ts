/** Resident memory of fresh processes: idle, with one open stream, with 100, with 500. */
import { setTimeout as sleep } from "node:timers/promises";
import { CPU, start, stop } from "./children.ts";
import { residentOf } from "./kernel.ts";
import { argumentsFor, questionFor } from "./load.ts";
import { addReading, type Reading, type Readings, shuffled } from "./readings.ts";
import { shortMessages } from "./requests.ts";
import { messages } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import type { Server, Target } from "./targets.ts";

export const MEMORY = {
  id: "memory",
  title: "Resident memory of a fresh process",
  shows: ["idle", "warm", "open100", "open500", "per100"],
} as const;

/** Milliseconds until what a burst has allocated has settled. */
const SETTLE = 500;
/** Microseconds between the starts of two streams. */
const RAMP = 1_000;

export async function measureMemory(
  stage: Stage,
  { targets, rounds }: { targets: readonly Target[]; rounds: number },
  readings: Readings,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const target of shuffled(targets)) {
      const server = await target.start(stage.upstream, stage.folder);
      if (!server.process) continue;
      addReading(readings, MEMORY.id, target.subject, await weigh(stage, target, server));
      await stop(server.process);
    }
  }
}

async function weigh(stage: Stage, { subject }: Target, server: Server): Promise<Reading> {
  const pid = server.process?.pid ?? 0;
  const scenario = { id: MEMORY.id, streams: true, ...messages(shortMessages()) };
  const question = questionFor(
    scenario,
    stage.deployments.open,
    { subject, port: server.port },
    stage.folder,
  );
  const withStreams = async (connections: number): Promise<number> => {
    const load = { connections, requests: connections };
    const command = [stage.load, ...argumentsFor({ ...question, ramp: RAMP }, load)];
    const holding = await start(command, { cpu: CPU.load });
    await sleep(SETTLE);
    const resident = residentOf(pid);
    await stop(holding.process);
    return resident;
  };
  await sleep(SETTLE);
  const idle = residentOf(pid);
  const warm = await withStreams(1);
  const open100 = await withStreams(100);
  const open500 = await withStreams(500);
  return { idle, warm, open100, open500, per100: (open500 - warm) / 5 };
}
