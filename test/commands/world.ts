/** A sandbox to log in to, and the places of one user. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { aicore, type Ran, type RunOptions, start, temporaryFolder } from "../cli/run.ts";

export interface World {
  sandbox: Sandbox;
  /** The service key in a file of its own. */
  keyFile: string;
  home: string;
  env: NodeJS.ProcessEnv;
  run(args: string, options?: RunOptions): Promise<Ran>;
  start(args: string, options?: RunOptions): ReturnType<typeof start>;
}

/** A user who is not logged in yet, beside a sandbox that ends with the test. */
export async function newWorld(options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const home = temporaryFolder();
  const keyFile = join(home, "key.json");
  writeFileSync(keyFile, JSON.stringify(sandbox.serviceKey), { mode: 0o600 });
  // On a terminal a run would ask the npm registry for news.
  const env = { AICORE_CLI_HOME: home, HOME: temporaryFolder(), NO_UPDATE_NOTIFIER: "1" };
  const withEnv = (extra: RunOptions = {}): RunOptions => ({ ...extra, env: { ...env, ...extra.env } });
  return {
    sandbox,
    keyFile,
    home,
    env,
    run: (args, extra) => aicore(args.split(" "), withEnv(extra)),
    start: (args, extra) => start(args.split(" "), withEnv(extra)),
  };
}

/** The same, with the credentials in the environment. */
export async function loggedInWorld(options: SandboxOptions = {}): Promise<World> {
  const world = await newWorld(options);
  world.env.AICORE_SERVICE_KEY = JSON.stringify(world.sandbox.serviceKey);
  return world;
}
