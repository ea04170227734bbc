/** Every scenario in rounds: each visits every target, in a new order each time. */
import { BenchError } from "./errors.ts";
import { cpuTimeOf } from "./kernel.ts";
import { generate, type LoadReport, type Question, questionFor } from "./load.ts";
import { addReading, type Reading, type Readings, type Subject, shuffled } from "./readings.ts";
import { shortMessages } from "./requests.ts";
import { type LoadScenario, messages } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import type { Server } from "./targets.ts";

export interface LoadRun {
  scenarios: readonly LoadScenario[];
  servers: ReadonlyMap<Subject, Server>;
  rounds: number;
  tell: (text: string) => void;
}

/** One target and what it is asked: the scenario's own question, and a short one of the same kind. */
interface Visit {
  subject: Subject;
  server: Server;
  question: Question;
  warmUp: Question;
}

/** @throws BenchError for an answer that is not 200, or has not all of its events: figures of such a run say nothing. */
export async function measureLoad(stage: Stage, run: LoadRun, readings: Readings): Promise<void> {
  for (const [subject, server] of run.servers) await warmServer(stage, subject, server);
  for (const scenario of run.scenarios) {
    run.tell(scenario.title);
    const visits = scenario.targets.flatMap((subject) => {
      const server = run.servers.get(subject);
      return server ? [visitTo(stage, subject, server, scenario)] : [];
    });
    for (const visit of visits) await warmUp(stage, visit, scenario);
    for (let round = 0; round < run.rounds; round++) {
      for (const visit of shuffled(visits)) {
        addReading(readings, scenario.id, visit.subject, await measure(stage, visit, scenario));
      }
    }
  }
}

export function visitTo(
  { deployments, folder }: Stage,
  subject: Subject,
  server: Server,
  scenario: LoadScenario,
): Visit {
  const target = { subject, port: server.port };
  const deployment = deployments[scenario.pace];
  const short = deployments[deployment.dialect === "gpt" ? "gptShort" : "short"];
  return {
    subject,
    server,
    question: questionFor(scenario, deployment, target, folder),
    warmUp: questionFor({ ...scenario, id: `${scenario.id}-warm-up` }, short, target, folder),
  };
}

/** Plain requests, until V8 has compiled what they need. */
export async function warmServer(stage: Stage, subject: Subject, server: Server): Promise<void> {
  const plain = { id: "warm-up", title: "Warm-up", streams: false, ...messages(shortMessages()) };
  const target = { subject, port: server.port };
  const question = questionFor(plain, stage.deployments.short, target, stage.folder);
  const { requests } = stage.warmUp;
  check(await generate(stage.load, question, { connections: 16, requests }), subject, plain.title);
}

/** A little of what the scenario asks for. */
export async function warmUp(stage: Stage, visit: Visit, { title, streams }: LoadScenario): Promise<void> {
  const { milliseconds } = stage.warmUp;
  // Streams take their time: with fewer at once, V8 would still compile what they need while they are measured.
  const connections = streams ? 32 : 8;
  const report = await generate(stage.load, visit.warmUp, { connections, milliseconds });
  check(report, visit.subject, title);
}

async function measure(stage: Stage, visit: Visit, { load, title }: LoadScenario): Promise<Reading> {
  const pid = visit.server.process?.pid;
  const before = pid ? cpuTimeOf(pid) : 0;
  const report = await generate(stage.load, visit.question, load);
  const cpu = pid ? (cpuTimeOf(pid) - before) / 1_000 : undefined;
  check(report, visit.subject, title);
  return readingOf(report, cpu);
}

function check({ bad, answers }: LoadReport, subject: Subject, title: string): void {
  if (bad > 0 || answers === 0) throw new BenchError(`${title}: ${bad} bad answers of ${subject}.`);
}

/** @param cpu in microseconds */
function readingOf(report: LoadReport, cpu: number | undefined): Reading {
  const { answers, events, seconds } = report;
  return {
    answers: answers / seconds,
    answer: report.answer.p50,
    first: report.first.p50,
    ...(cpu !== undefined && { requestCpu: cpu / answers }),
    ...(events > 0 && { events: events / seconds, event: report.event.p50, event99: report.event.p99 }),
    ...(cpu !== undefined && events > 0 && { eventCpu: cpu / events }),
  };
}
