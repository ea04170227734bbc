/** What all measurements stand on: the compiled load generator, the simulated tenant, and a folder for the run's files. */
import { type Deployment, deploymentsFor, type Pace } from "./deployments.ts";
import { compilePrograms } from "./native.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

export interface Stage {
  folder: string;
  /** The compiled load generator. */
  load: string;
  upstream: Upstream;
  deployments: Record<Pace, Deployment>;
  warmUp: WarmUp;
}

/** What goes uncounted before: V8 compiles as it goes, and takes some ten thousand requests until it is done. */
export interface WarmUp {
  /** To every server at first. */
  requests: number;
  /** With each scenario, in its own way. */
  milliseconds: number;
}

/** @param share of the full time of everything. Throws BenchError as `compilePrograms` does. */
export async function setStage(folder: string, share: number): Promise<Stage> {
  const programs = compilePrograms(folder);
  const deployments = deploymentsFor(share);
  return {
    folder,
    load: programs.load,
    upstream: await startUpstream(programs.upstream, Object.values(deployments)),
    deployments,
    warmUp: { requests: 10_000 * share, milliseconds: 2_000 * share },
  };
}
