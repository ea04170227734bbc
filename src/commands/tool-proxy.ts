/** What a launcher needs of its tool's proxy, whether SAP was asked before or the last catalogue is believed. */
import type { Models } from "./model-finder.ts";

export interface ToolProxy {
  url: string;
  key: string;
  /** What the tool's models are chosen from. */
  models: Models;
  /** Who serves them. */
  profiles: readonly string[];
  /** What the user has not been told of those yet. */
  warnings: readonly string[];
  /** See `Catalog.standIn`. */
  standIn(names: Readonly<Record<string, string>>): void;
  /** Called once, when the tool runs. */
  onRunning(): void;
  close(): Promise<void>;
}

/** Milliseconds for open streams once the tool has ended. */
export const DRAIN = 2_000;
