import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { besideModules } from "../../package.ts";

/** A file of the dashboard as it is served. */
export interface UiFile {
  type: string;
  body: Buffer;
  /** Of the content, quoted as a header has it. */
  etag: string;
}

const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
} as const;

/** What lies in `assets/`. */
const OWN = [
  "icon.svg",
  "theme.css",
  "base.css",
  "page.css",
  "controls.css",
  "parts.css",
  "tables.css",
  "theme.js",
  "app.js",
  "api.js",
  "breakdown.js",
  "chart.js",
  "charts.js",
  "dashboard.js",
  "dom.js",
  "errors.js",
  "events.js",
  "format.js",
  "live.js",
  "range.js",
  "recent.js",
  "requests.js",
  "series.js",
  "session.js",
  "sign-in.js",
  "sse.js",
  "targets.js",
  "tiles.js",
] as const;

/**
 * Every path of the dashboard and the file behind it. No other name is ever looked for, so that no request can name a
 * file (security T15).
 */
const SOURCES: ReadonlyMap<string, () => string> = new Map([
  ["/ui", () => own("index.html")],
  ...OWN.map((name) => [`/ui/${name}`, () => own(name)] as const),
  ["/ui/uPlot.iife.min.js", () => require.resolve("uplot/dist/uPlot.iife.min.js")],
  ["/ui/uPlot.min.css", () => require.resolve("uplot/dist/uPlot.min.css")],
]);

export const UI_PATHS: readonly string[] = [...SOURCES.keys()];

const require = createRequire(import.meta.url);
const loaded = new Map<string, UiFile>();

/** Reads a file once; undefined for a path that is not in `UI_PATHS`. */
export async function uiFile(path: string): Promise<UiFile | undefined> {
  const known = loaded.get(path);
  const source = SOURCES.get(path)?.();
  if (known || !source) return known;
  const body = await readFile(source);
  const file = {
    type: typeOf(source),
    body,
    etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`,
  };
  loaded.set(path, file);
  return file;
}

function own(name: string): string {
  return fileURLToPath(besideModules(`proxy/ui/assets/${name}`));
}

function typeOf(source: string): string {
  const ending = source.slice(source.lastIndexOf(".") + 1) as keyof typeof TYPES;
  return TYPES[ending];
}
