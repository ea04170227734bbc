/** `npm run bench`: sets the stage, measures, ends everything, and tells. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { stopAll } from "./children.ts";
import { BenchError } from "./errors.ts";
import { outcomesOf } from "./goals.ts";
import { conditionsOf } from "./machine.ts";
import { markdownOf, withTable } from "./markdown.ts";
import { measureLoad } from "./measure-load.ts";
import { MEMORY, measureMemory } from "./measure-memory.ts";
import { measureStart, PROGRAMS, START } from "./measure-start.ts";
import { type Options, readOptions } from "./options.ts";
import { makeWorkFolder } from "./places.ts";
import { profileOf } from "./profile.ts";
import type { Readings, Subject } from "./readings.ts";
import { type Run, reportOf } from "./report.ts";
import { scenariosFor } from "./scenarios.ts";
import { type Stage, setStage } from "./stage.ts";
import { type Server, TARGETS, type Target } from "./targets.ts";

/** Starts of each program in a round. */
const STARTS = 5;
const INTERRUPTED = 130;

const TITLES = Object.fromEntries([...TARGETS, ...PROGRAMS].map(({ subject, title }) => [subject, title]));

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(
    args,
    [...scenariosFor(1), MEMORY, START].map(({ id }) => id),
  );
  const folder = makeWorkFolder();
  const clear = async () => {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => clear().finally(() => process.exit(INTERRUPTED)));
  }
  try {
    const stage = await setStage(folder, options.share);
    if (options.profile) await tellProfiles(stage, options);
    else tellRun(await measure(stage, options), options);
  } finally {
    await clear();
  }
}

async function measure(stage: Stage, { rounds, share, only }: Options): Promise<Run> {
  const wanted = ({ id }: { id: string }) => only?.includes(id) ?? true;
  const scenarios = scenariosFor(share).filter(wanted);
  const targets = TARGETS.filter(({ isHere }) => isHere?.() ?? true);
  const readings: Readings = {};
  if (scenarios.length > 0) {
    const servers = await startAll(targets, stage);
    await measureLoad(stage, { scenarios, servers, rounds, tell }, readings);
  }
  if (wanted(MEMORY)) {
    tell(MEMORY.title);
    await measureMemory(stage, { targets, rounds }, readings);
  }
  if (wanted(START)) {
    tell(START.title);
    await measureStart(stage, { times: STARTS * rounds }, readings);
  }
  return {
    conditions: conditionsOf(rounds),
    scenarios: [...scenarios, MEMORY, START],
    titles: TITLES as Record<Subject, string>,
    readings,
    missing: TARGETS.filter((target) => !targets.includes(target)).map(
      ({ title }) => `${title} is not installed here: left out.`,
    ),
  };
}

/** All stay up while the rounds go from one to the other. */
async function startAll(targets: readonly Target[], stage: Stage): Promise<Map<Subject, Server>> {
  const servers = new Map<Subject, Server>();
  for (const target of targets) servers.set(target.subject, await target.start(stage.upstream, stage.folder));
  return servers;
}

function tellRun(run: Run, { json, markdown }: Options): void {
  if (markdown) writeFileSync(markdown, withTable(readFileSync(markdown, "utf8"), markdownOf(run)));
  const { conditions, readings, missing } = run;
  const document = { conditions, missing, goals: outcomesOf(readings), readings };
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : reportOf(run));
}

async function tellProfiles(stage: Stage, { only, share }: Options): Promise<void> {
  for (const scenario of scenariosFor(share)) {
    if (!scenario.targets.includes("aicore") || !(only?.includes(scenario.id) ?? true)) continue;
    tell(scenario.title);
    process.stdout.write(await profileOf(stage, scenario));
  }
}

/** Progress, away from the result. */
function tell(text: string): void {
  process.stderr.write(`${text} …\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const told = error instanceof BenchError ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`${told}\n`);
  process.exitCode = 1;
});
