/**
 * The two parts of undici that calls need. Its entry loads fetch, WebSocket, caches and mocks beside them, which takes
 * three quarters of the 68 ms that it takes to load (7.30, Node 20, 2026-11). The files are CommonJS, have stood in
 * these places since undici 6, and no `exports` closes them; where a later version has moved them, its entry serves.
 */
import { createRequire } from "node:module";
import type * as Undici from "undici";

const load = createRequire(import.meta.url);

export const Pool: typeof Undici.Pool = partOf("lib/dispatcher/pool.js") ?? whole().Pool;
export const buildConnector: typeof Undici.buildConnector =
  partOf("lib/core/connect.js") ?? whole().buildConnector;

function partOf<Part>(path: string): Part | undefined {
  try {
    const part: unknown = load(`undici/${path}`);
    return typeof part === "function" ? (part as Part) : undefined;
  } catch {
    return undefined;
  }
}

function whole(): typeof Undici {
  return load("undici");
}
