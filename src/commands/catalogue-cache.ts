/** The models of the last discovery, in the cache folder: `catalogue-<key>.json`, for this user only. */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseSnapshot, type Snapshot } from "../catalog/snapshot.ts";
import { pathsFor } from "../config/paths.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../config/private-file.ts";
import { redact } from "../log.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

type Asking = Pick<Context, "env" | "globals" | "version">;

/** Variables of ours and of SAP's SDKs that say whose models are meant; a passphrase, which can be guessed, does not. */
const DECIDING = /^(AICORE_(?!PASSPHRASE|CLI_HOME|LOG$|API_KEYS|PORT$|HOSTS?$)\w+|VCAP_SERVICES)$/;

/**
 * What the last discovery found for the same credentials and settings: with others, the file has another name. So what
 * is here proves that someone was logged in. Undefined where there is nothing, or nothing that can be used.
 */
export function readCatalogue(context: Asking, now = Date.now()): Snapshot | undefined {
  try {
    const text = readPrivateFile(pathOf(context))?.toString("utf8");
    return text === undefined ? undefined : parseSnapshot(text, context.version, now);
  } catch {
    return undefined;
  }
}

/**
 * Keeps what a session of all profiles has found. Not where a next start has to ask for a passphrase or depends on a file
 * that is not ours, and could not tell from the name of this one that it has changed. That it fails is no harm.
 */
export function keepCatalogue(context: Asking, session: Session, now = Date.now()): void {
  const { clients, catalog, warnings, left } = session;
  const sources = clients.map(({ tenant }) => tenant.source);
  if (left.length > 0 || sources.some((source) => ASKS_OR_CHANGES.has(source))) return;
  const models = catalog.models().map(({ id, via }) => ({ id, via }));
  if (models.length === 0) return;
  const snapshot: Snapshot = {
    version: context.version,
    savedAt: now,
    profiles: clients.map(({ tenant }) => tenant.profile),
    warnings: warnings.map(redact),
    models,
  };
  try {
    writePrivateFile(pathOf(context), JSON.stringify(snapshot));
    removeOld(pathsFor(context.env).cache, now);
  } catch {
    // The next start asks SAP first, as this one did.
  }
}

const ASKS_OR_CHANGES = new Set<string>(["encrypted file", "SAP config file"]);

/** Named by a hash of everything that decides: the settings, the profile that was asked for, and the variables. */
function pathOf({ env, globals }: Asking): string {
  const paths = pathsFor(env);
  const settings = readPrivateFile(join(paths.config, "config.json"))?.toString("utf8") ?? "";
  const variables = Object.entries(env).filter(([name]) => DECIDING.test(name));
  const decides = JSON.stringify([settings, globals.profile ?? "", variables.sort()]);
  const key = createHash("sha256").update(decides).digest("hex").slice(0, 32);
  return join(paths.cache, `catalogue-${key}.json`);
}

const LIFE = 24 * 3_600_000;

function removeOld(folder: string, now: number): void {
  for (const name of readdirSync(folder).filter((each) => /^catalogue-\w+\.json$/.test(each))) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats && now - stats.mtimeMs > LIFE) removePrivateFile(join(folder, name));
  }
}
