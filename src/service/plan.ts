import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { launchdPlan } from "./launchd.ts";
import type { ServicePlan, ServiceProgram } from "./program.ts";
import { systemdPlan } from "./systemd.ts";
import { windowsTaskPlan } from "./windows-task.ts";

export interface ServiceSystem {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  paths: Paths;
  /** Of the user, where there are numbers for users. */
  uid: number;
}

/** How a service is installed on this system; undefined where we know none. */
export function servicePlan(program: ServiceProgram, system: ServiceSystem): ServicePlan | undefined {
  const { platform, env, paths, uid } = system;
  const home = env.HOME ?? "";
  switch (platform) {
    case "linux":
      return systemdPlan(program, env.XDG_CONFIG_HOME || join(home, ".config"));
    case "darwin":
      return launchdPlan(program, home, uid);
    case "win32":
      return windowsTaskPlan(program, paths.state, [env.USERDOMAIN, env.USERNAME].filter(Boolean).join("\\"));
    default:
      return undefined;
  }
}
