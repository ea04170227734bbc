/** Our own files: `config.json`, and the key of the local proxy. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Check, failureFrom, type Outcome, ok, summed, warn } from "../check.ts";
import type { Facts } from "../facts.ts";

export const SETTINGS: readonly Check[] = [
  { id: "settings", title: "Settings", fix: "Correct it, or unset it.", run: settingsOutcome },
  { id: "local-key", title: "Local key", needs: ["settings"], run: localKeyOutcome },
];

/** A file that cannot be used throws; a wrong value in the environment does so when it is read. */
function settingsOutcome(facts: Facts): Outcome {
  const settings = facts.settings();
  const changed = settings.list().filter(({ origin }) => origin !== "default");
  const findings = [
    ...settings.warnings.map((text) => warn(`${text}.`, `Correct or remove it in ${settings.path}.`)),
    ...exposed(settings.path),
  ];
  const found = modeOf(settings.path) === undefined ? "no config.json; all defaults" : settings.path;
  return summed(
    findings,
    ok(
      found,
      changed.map(({ name, value, origin }) => `${name} = ${String(value)} (${origin})`),
    ),
  );
}

function localKeyOutcome(facts: Facts): Outcome {
  const paths = facts.paths();
  const path = join(paths.state, "local-key");
  try {
    const key = facts.given.localKey(paths);
    return ok(key ? path : "none yet; `aicore serve` makes one at its first start");
  } catch (error) {
    return failureFrom(
      error,
      `Run: chmod 600 "${path}". If others may have read it, delete it: a new one is made.`,
    );
  }
}

function exposed(path: string): Outcome[] {
  const mode = modeOf(path);
  if (mode === undefined || process.platform === "win32" || !(mode & 0o077)) return [];
  const shown = mode.toString(8).padStart(4, "0");
  return [warn(`${path} is readable by others (mode ${shown}).`, `Run: chmod 600 "${path}"`)];
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode && statSync(path).mode & 0o777;
}
