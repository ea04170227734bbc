/** Where `aicore serve` spends its time in a scenario: V8's samples, by function. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stop } from "./children.ts";
import { generate } from "./load.ts";
import { visitTo, warmServer, warmUp } from "./measure-load.ts";
import { ROOT } from "./places.ts";
import type { LoadScenario } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import { plainTable } from "./tables.ts";
import { startAicore } from "./targets.ts";

/** What V8 writes: nodes of the call tree, and which of them was on top at each sample. */
export interface CpuProfile {
  nodes: readonly { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  /** Microseconds of CLOCK_MONOTONIC, as `process.hrtime` has it. */
  startTime: number;
  samples: readonly number[];
  /** Microseconds since the sample before. */
  timeDeltas: readonly number[];
}

interface SelfTime {
  where: string;
  /** Of all time that was not idle. */
  share: number;
}

const SHOWN = 30;
const IDLE = new Set(["(idle)", "(program)", "(root)"]);
/** Microseconds between two samples. */
const INTERVAL = 200;

/** A process of its own for each scenario; its start and warm-up are not counted. */
export async function profileOf(stage: Stage, scenario: LoadScenario): Promise<string> {
  const folder = mkdtempSync(join(stage.folder, "profile-"));
  const options = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL}`];
  const server = await startAicore(stage.upstream, stage.folder, options);
  const visit = visitTo(stage, "aicore", server, scenario);
  await warmServer(stage, "aicore", server);
  await warmUp(stage, visit, scenario);
  const from = monotonic();
  await generate(stage.load, visit.question, scenario.load);
  const to = monotonic();
  if (server.process) await stop(server.process);
  const [file = ""] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile;
  const rows = selfTimesIn(profile, from, to)
    .slice(0, SHOWN)
    .map(({ where, share }) => [where, `${(share * 100).toFixed(1)} %`]);
  return `${scenario.title}\n${plainTable(["", "self time"], rows)}\n`;
}

/** The functions that were on top between two times, hottest first. */
export function selfTimesIn(profile: CpuProfile, from: number, to: number): SelfTime[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let at = profile.startTime;
  let total = 0;
  for (const [index, sample] of profile.samples.entries()) {
    const spent = profile.timeDeltas[index] ?? 0;
    at += spent;
    const frame = names.get(sample);
    if (!frame || at < from || at > to || IDLE.has(frame.functionName)) continue;
    const where = `${frame.functionName || "(anonymous)"} ${placeOf(frame.url, frame.lineNumber)}`.trim();
    times.set(where, (times.get(where) ?? 0) + spent);
    total += spent;
  }
  return [...times]
    .map(([where, time]) => ({ where, share: time / total }))
    .sort((a, b) => b.share - a.share);
}

function placeOf(url: string, line: number): string {
  if (url === "") return "";
  const path = url.replace(`file://${ROOT}/`, "").replace(/^.*\/node_modules\//, "");
  return `${path.length > 60 ? basename(path) : path}:${line + 1}`;
}

function monotonic(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
