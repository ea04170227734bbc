/** The proxy that `aicore configure` points a tool at, whether or not it runs, and the models behind it. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { agentModel } from "../agents/choice.ts";
import { familyNames, type ToolModels, toolModels } from "../agents/configure/models.ts";
import type { Door, Place } from "../agents/configure/tool.ts";
import type { AgentModel } from "../agents/types.ts";
import { pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { ApiError, CredentialsError } from "../errors.ts";
import { isObject } from "../hub/json.ts";
import { aicoreVersionAt, askProxy } from "./ask-proxy.ts";
import { localKey, readLocalKey } from "./local-key.ts";
import { modelFinder } from "./model-finder.ts";
import { portFrom } from "./numbers.ts";
import { openSession } from "./session.ts";
import type { Context } from "./types.ts";

const DEFAULT_HOST = "127.0.0.1";
/** For AICORE_PORT=0, which means any port. */
const DEFAULT_PORT = 6655;
const NAMES_ONLY =
  "The tool gets the names opus, sonnet and haiku; configure it again later for the tenant's models.";
const NO_KEY_YET = "(made by aicore configure)";

export interface DoorOptions {
  port?: string;
  /** Nothing may be written: not even the local key. */
  dryRun?: boolean;
}

export interface FoundDoor extends Door {
  isRunning: boolean;
}

export async function doorFor(context: Context, { port, dryRun }: DoorOptions): Promise<FoundDoor> {
  const paths = pathsFor(context.env);
  const url = proxyUrl(context, port);
  const key = dryRun ? (readLocalKey(paths) ?? NO_KEY_YET) : localKey(paths);
  const isRunning = (await aicoreVersionAt(url)) !== undefined;
  const models =
    (isRunning ? await modelsOfProxy(url, keyFor(context) ?? key) : undefined) ??
    (await modelsOfTenant(context));
  return { url, key, keyFile: join(paths.state, "local-key"), isRunning, models };
}

export function proxyUrl({ env }: Context, port: string | undefined): string {
  const settings = loadSettings(env);
  const host = settings.value("server.host");
  const chosen =
    port === undefined ? settings.value("server.port") || DEFAULT_PORT : portFrom(port, "--port");
  return `http://${reachable(host)}:${chosen}`;
}

/** A name under which this machine reaches what listens on `host`. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return DEFAULT_HOST;
  return host.includes(":") ? `[${host}]` : host;
}

export function placeFor({ env }: Context, platform: NodeJS.Platform = process.platform): Place {
  const home = (platform === "win32" ? env.USERPROFILE : env.HOME) || homedir();
  return { platform, env, home, exists: existsSync };
}

function keyFor({ env }: Context): string | undefined {
  return env.AICORE_API_KEYS?.split(",")[0]?.trim() || undefined;
}

/** Undefined when it does not know the key, or lists nothing. */
async function modelsOfProxy(url: string, key: string): Promise<ToolModels | undefined> {
  const list = await askProxy(`${url}/v1/models`, key);
  const ids = (Array.isArray(list?.data) ? list.data : []).flatMap((model) =>
    isObject(model) && typeof model.id === "string" ? [model.id] : [],
  );
  return ids.length > 0 ? toolModels(ids, (name) => modelAt(url, key, name)) : undefined;
}

async function modelAt(url: string, key: string, name: string): Promise<AgentModel | undefined> {
  const model = await askProxy(`${url}/v1/models/${encodeURIComponent(name)}`, key);
  return typeof model?.id === "string" ? agentModel(model.id) : undefined;
}

/** From SAP; where nobody is logged in or nothing answers, the names of families have to do. */
async function modelsOfTenant(context: Context): Promise<ToolModels> {
  try {
    const session = await openSession(context);
    try {
      await context.out.during("Looking at the deployments", () => session.catalog.refresh());
      const ids = session.catalog.models().map(({ id }) => id);
      if (ids.length > 0) return toolModels(ids, modelFinder(session.catalog));
      context.out.warn(`No model runs in the resource group. ${NAMES_ONLY}`);
    } finally {
      await session.close();
    }
  } catch (error) {
    if (!(error instanceof CredentialsError || error instanceof ApiError)) throw error;
    context.out.warn(`${error.message} ${NAMES_ONLY}`);
  }
  return familyNames();
}
