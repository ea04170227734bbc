/** Gemini CLI's settings files name the way to log in, and that wins over the environment (seen in 0.61, 2026-11). */
import { join } from "node:path";
import { isObject } from "../hub/json.ts";
import { homeOf, readJson } from "./settings-file.ts";

/** Logins that lead to Google whatever else is set; the other two are served by what we set. */
const ELSEWHERE = ["oauth-personal", "compute-default-credentials", "cloud-shell"];

/** One sentence a file that would keep Gemini CLI from using the proxy. */
export function settingsConflicts(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const folders = new Set([env.GEMINI_CLI_HOME || homeOf(env), cwd]);
  return [...folders].flatMap((folder) => {
    const path = join(folder, ".gemini", "settings.json");
    const type = selectedType(readJson(path));
    if (type === undefined || !ELSEWHERE.includes(type)) return [];
    return [
      `${path} sets security.auth.selectedType to ${type}, so Gemini CLI goes to Google: choose "Use Gemini API Key" with /auth.`,
    ];
  });
}

function selectedType(settings: unknown): string | undefined {
  const security = isObject(settings) ? settings.security : undefined;
  const auth = isObject(security) ? security.auth : undefined;
  const type = isObject(auth) ? auth.selectedType : undefined;
  return typeof type === "string" ? type : undefined;
}
