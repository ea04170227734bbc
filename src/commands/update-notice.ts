/**
 * Once a day: is there a newer release? A process apart asks the registry and leaves the answer in the cache folder; a
 * later run tells it in one line. No run ever waits for it.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pathsFor } from "../config/paths.ts";
import { readPrivateFile, writePrivateFile } from "../config/private-file.ts";
import { loadSettings } from "../config/settings.ts";
import { isObject } from "../hub/json.ts";
import { inPackage } from "../package.ts";
import type { Context } from "./types.ts";

const DAY = 86_400_000;
const CHILD = fileURLToPath(inPackage("dist/commands/update-child.js"));

/** What is known, in the cache folder. */
interface UpdateNote {
  /** Milliseconds since the epoch. */
  asked: number;
  latest?: string;
}

/** Tells of a newer release that is known, and looks for one where nobody has for a day. It never fails. */
export function noticeUpdate(context: Context): void {
  const { env, out, version } = context;
  try {
    if (!wanted(context)) return;
    const path = join(pathsFor(env).cache, "update.json");
    const note = readNote(path);
    if (note.latest !== undefined && isNewer(note.latest, version)) {
      out.say(`aicore ${note.latest} is there (this is ${version}): npm install -g ${ownName()}@latest`);
    }
    if (Math.abs(Date.now() - note.asked) < DAY) return;
    // Noted before it is asked: without a network this is tried once a day, not at every run.
    writePrivateFile(path, `${JSON.stringify({ ...note, asked: Date.now() })}\n`);
    askApart(env, path);
  } catch {
    // A cache that cannot be written, settings that cannot be read: the command itself has told of them.
  }
}

/** A person watches, and has not said no. Nobody waits for news inside a script or a build. */
function wanted({ env, out }: Context): boolean {
  if (!out.interactive || out.quiet || env.NO_UPDATE_NOTIFIER) return false;
  return loadSettings(env).value("updates.check");
}

function readNote(path: string): UpdateNote {
  const text = readPrivateFile(path)?.toString("utf8");
  const note: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isObject(note)) return { asked: 0 };
  const { asked, latest } = note;
  return { asked: Number(asked) || 0, ...(typeof latest === "string" ? { latest } : {}) };
}

function askApart(env: NodeJS.ProcessEnv, path: string): void {
  const child = spawn(process.execPath, [CHILD, ownName(), path], {
    env,
    detached: true,
    windowsHide: true,
    stdio: "ignore",
  });
  child.on("error", () => {});
  child.unref();
}

/** @internal exported for its test. Releases only: who runs a pre-release knows where it came from. */
export function isNewer(candidate: string, current: string): boolean {
  const [theirs, ours] = [candidate, current].map((text) =>
    /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number),
  );
  if (!theirs || !ours) return false;
  const at = theirs.findIndex((part, index) => part !== ours[index]);
  return at !== -1 && (theirs[at] ?? 0) > (ours[at] ?? 0);
}

function ownName(): string {
  const text = readFileSync(inPackage("package.json"), "utf8");
  return (JSON.parse(text) as { name: string }).name;
}
