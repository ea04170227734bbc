/** Who is measured: each a server over the same upstream. */
import type { ChildProcess } from "node:child_process";
import { CPU, start } from "./children.ts";
import { environmentFor } from "./environment.ts";
import { BenchError } from "./errors.ts";
import { nginxIsInstalled, startNginx } from "./nginx.ts";
import { AICORE, proxyModule } from "./places.ts";
import type { Subject } from "./readings.ts";
import type { Upstream } from "./upstream.ts";

/** What is measured under load. */
export interface Target {
  subject: Subject;
  title: string;
  /** Whether it can be measured here. Default: it can. */
  isHere?: () => boolean;
  start(upstream: Upstream, folder: string): Promise<Server>;
}

export interface Server {
  port: number;
  /** Undefined for the upstream itself, whose cost is not asked for. */
  process: ChildProcess | undefined;
}

export const TARGETS: readonly Target[] = [
  {
    subject: "direct",
    title: "upstream alone",
    start: async ({ port }) => ({ port, process: undefined }),
  },
  {
    subject: "nginx",
    title: "nginx",
    isHere: nginxIsInstalled,
    start: ({ port }, folder) => startNginx(port, folder),
  },
  {
    subject: "pipe",
    title: "bare node:http pipe",
    start: ({ port }) => startNode("pipe", port),
  },
  {
    subject: "fetch",
    title: "Hono + fetch",
    start: ({ port }) => startNode("fetch", port),
  },
  {
    subject: "aicore",
    title: "aicore serve",
    start: (upstream, folder) => startAicore(upstream, folder),
  },
];

async function startNode(name: string, port: number): Promise<Server> {
  const started = await start([process.execPath, proxyModule(name), String(port)], { cpu: CPU.servers });
  return { port: Number(started.firstLine), process: started.process };
}

/** @param nodeOptions such as `--cpu-prof` */
export async function startAicore(
  upstream: Upstream,
  folder: string,
  nodeOptions: readonly string[] = [],
): Promise<Server> {
  const env = environmentFor(upstream, folder);
  const command = [process.execPath, ...nodeOptions, AICORE, "serve", "--port", "0", "--json"];
  const started = await start(command, { cpu: CPU.servers, env });
  const { port, models } = JSON.parse(started.firstLine) as { port: number; models: number };
  if (models === 0) throw new BenchError("aicore serve found no models on the simulated tenant.");
  return { port, process: started.process };
}
