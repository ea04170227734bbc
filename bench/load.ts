/** The load generator, and how a request for a scenario looks to each target. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CPU, run } from "./children.ts";
import { type Deployment, pathOf } from "./deployments.ts";
import { API_KEY } from "./environment.ts";
import type { Subject } from "./readings.ts";
import { httpRequest, toClient } from "./requests.ts";
import type { Load, LoadScenario } from "./scenarios.ts";

interface Times {
  /** Microseconds. */
  p50: number;
  p99: number;
}

/** What the load generator prints; see `native/load.c`. */
export interface LoadReport {
  answers: number;
  bad: number;
  events: number;
  seconds: number;
  /** From the request's first byte to the answer's last, and to the first of its body. */
  answer: Times;
  first: Times;
  /** From an event's write at the upstream to its arrival. */
  event: Times;
}

/** What is asked over and over: a file of one HTTP request, and what its answer must hold. */
export interface Question {
  port: number;
  file: string;
  events: number;
  /** Microseconds between the starts of two connections. */
  ramp: number;
}

/** Streams begin this part of their gap apart, so that their events spread over it and come one by one. */
const RAMP_OF_GAP = 0.382;
/** Milliseconds for one visit: no scenario is that long, so a target that hangs is told. */
const LONGEST = 60_000;

/** The scenario's request as it must be put to one target, written to a file for the load generator. */
export function questionFor(
  scenario: Pick<LoadScenario, "id" | "route" | "client" | "upstream" | "streams">,
  deployment: Deployment,
  { subject, port }: { subject: Subject; port: number },
  folder: string,
): Question {
  const { streams } = scenario;
  const file = join(folder, `${scenario.id}-${subject}.http`);
  const [path, body] =
    subject === "aicore"
      ? [scenario.route, toClient(scenario.client, deployment.model, streams)]
      : [pathOf(deployment, callOf(deployment, streams)), scenario.upstream];
  writeFileSync(file, httpRequest(port, path, API_KEY, body));
  return {
    port,
    file,
    events: streams ? deployment.events : 0,
    ramp: Math.round(deployment.gap * RAMP_OF_GAP),
  };
}

/** Runs the load to its end. */
export async function generate(program: string, question: Question, load: Load): Promise<LoadReport> {
  const lines = await run([program, ...argumentsFor(question, load)], { cpu: CPU.load, timeout: LONGEST });
  return JSON.parse(lines.at(-1) ?? "{}") as LoadReport;
}

/** The arguments of the load generator. It prints `open` once all connections have had the first byte of an answer. */
export function argumentsFor({ port, file, events, ramp }: Question, load: Load): string[] {
  const { connections, requests = 0, milliseconds = 0 } = load;
  const numbers = [connections, requests, Math.round(milliseconds), events, ramp];
  return [String(port), file, ...numbers.map(String)];
}

function callOf({ dialect }: Deployment, streams: boolean): string {
  if (dialect === "gpt") return "/chat/completions";
  return streams ? "/invoke-with-response-stream" : "/invoke";
}
