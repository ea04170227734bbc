import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { type Front, type FrontOptions, startFront } from "./stack.ts";

/** One proxy in front of several tenants, whose profiles are "test", "test-2", …. */
export interface Pool extends Front {
  sandboxes: Sandbox[];
  /** Model calls that each tenant got. */
  hits(): number[];
}

export interface PoolOptions extends FrontOptions {
  sandbox?: SandboxOptions;
}

export async function startPool(tenants: number, options: PoolOptions = {}): Promise<Pool> {
  const sandboxes = await Promise.all(Array.from({ length: tenants }, () => startSandbox(options.sandbox)));
  const front = await startFront(
    sandboxes.map(({ serviceKey }) => serviceKey),
    options,
  );
  await front.catalog.refresh();
  return {
    ...front,
    sandboxes,
    hits: () => sandboxes.map(({ requests }) => requests.filter(({ kind }) => kind === "inference").length),
    async close() {
      await front.close();
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    },
  };
}
