/** What is kept of a catalogue, so that the next start can choose models before SAP has answered. */
import { isObject } from "../hub/json.ts";
import type { Model } from "./model.ts";

/** Names only: nothing that a request could be sent to, and nothing secret. */
export interface Snapshot {
  /** Of the program that wrote it: another one may know models otherwise. */
  version: string;
  /** Milliseconds since the epoch. */
  savedAt: number;
  /** The profiles that served them. */
  profiles: string[];
  /** What the user was told about those when they were opened. */
  warnings: string[];
  models: Pick<Model, "id" | "via">[];
}

/** Older than this, models may well have come and gone. */
const LIFE = 24 * 3_600_000;

/** @returns undefined for a text that is none, is too old, or comes from another version of the program. */
export function parseSnapshot(text: string, version: string, now: number): Snapshot | undefined {
  const snapshot = parse(text);
  if (!isSnapshot(snapshot) || snapshot.version !== version) return undefined;
  // A clock that was set back makes an age negative.
  const age = now - snapshot.savedAt;
  return age >= 0 && age < LIFE ? snapshot : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSnapshot(value: unknown): value is Snapshot {
  if (!isObject(value)) return false;
  const { version, savedAt, profiles, warnings, models } = value;
  return (
    typeof version === "string" &&
    typeof savedAt === "number" &&
    areTexts(profiles) &&
    areTexts(warnings) &&
    Array.isArray(models) &&
    models.length > 0 &&
    models.every((each) => isObject(each) && typeof each.id === "string" && isVia(each.via))
  );
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isVia(value: unknown): value is Model["via"] {
  return value === "deployment" || value === "orchestration";
}
