/** The environment of every `aicore` of a run: logged in to the simulated tenant, and away from the user's own folders. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Upstream } from "./upstream.ts";

export const API_KEY = "bench-key-0123456789";

/** Would change what is measured, or where calls go. */
const LEFT_OUT = /^(aicore|anthropic|claude|https?_proxy|no_proxy|node_|npm_|vcap_|xdg_)/i;

export function environmentFor({ serviceKey }: Upstream, folder: string): NodeJS.ProcessEnv {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    AICORE_CLI_HOME: join(home, "aicore"),
    AICORE_SERVICE_KEY: serviceKey,
    AICORE_API_KEYS: API_KEY,
  };
}
