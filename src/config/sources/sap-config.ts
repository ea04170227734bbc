import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CredentialsError } from "../../errors.ts";
import { isObject } from "../../hub/json.ts";
import { jsonErrorPosition } from "../../hub/json-position.ts";
import { ENVIRONMENT, type FindSource } from "./source.ts";
import { definesCredentials, keyFromVariables, type LookUp } from "./variables.ts";

/**
 * The config file of SAP's Python SDK and of its own `aicore` command: read, never written. As there, invalid JSON
 * and a named profile without a file are errors, and a file that may not be read is passed over with a warning.
 */
export const findSapConfig: FindSource = ({ env, allowHosts, warn }) => {
  const { path, namedBy } = configPath(env) ?? {};
  if (path === undefined) return undefined;
  const load = (lookUp: LookUp) => async () => keyFromVariables(lookUp, path, { allowHosts });
  const found = { source: "SAP config file", name: path, profile: ENVIRONMENT } as const;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!missing) warn(`${path} cannot be read and is ignored.`);
    if (!missing || !namedBy) return undefined;
    return { ...found, load: async () => Promise.reject(noFile(path, namedBy)) };
  }
  const lookUp = parse(text);
  if (lookUp === undefined) return { ...found, load: async () => Promise.reject(notJson(path, text)) };
  return definesCredentials(lookUp) ? { ...found, load: load(lookUp) } : undefined;
};

/** `AICORE_CONFIG` names the file; else `AICORE_HOME` its folder and `AICORE_PROFILE` the `p` of `config_p.json`. */
function configPath(env: NodeJS.ProcessEnv): { path: string; namedBy?: string } | undefined {
  if (env.AICORE_CONFIG) return { path: env.AICORE_CONFIG, namedBy: "AICORE_CONFIG" };
  const home = process.platform === "win32" ? env.USERPROFILE : env.HOME;
  if (!env.AICORE_HOME && !home) return undefined;
  const folder = env.AICORE_HOME || join(home ?? "", ".aicore");
  const profile = env.AICORE_PROFILE;
  if (!profile || profile === "default") return { path: join(folder, "config.json") };
  return { path: join(folder, `config_${profile}.json`), namedBy: "AICORE_PROFILE" };
}

/** Keys are `AICORE_CLIENT_ID` or bare and lower-case, `client_id`. */
function parse(text: string): LookUp | undefined {
  try {
    const document: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (!isObject(document)) return undefined;
    return (name) => {
      const value = document[name] ?? document[name.replace("AICORE_", "").toLowerCase()];
      return typeof value === "string" && value !== "" ? value : undefined;
    };
  } catch {
    return undefined;
  }
}

function notJson(path: string, text: string): CredentialsError {
  const { line, column } = jsonErrorPosition(text);
  return new CredentialsError(
    "key_invalid",
    `${path} is not a JSON object (line ${line}, column ${column}).`,
  );
}

function noFile(path: string, variable: string): CredentialsError {
  return new CredentialsError(
    "key_unreadable",
    `Cannot read ${path}: not found, though ${variable} names it.`,
    {
      hint: `Unset ${variable}, or run \`aicore login\`.`,
    },
  );
}
