import { ApiError } from "../../errors.ts";
import { type Exchange, writeHead } from "../exchange.ts";
import type { Route } from "../routes.ts";
import { UI_PATHS, uiFile } from "./files.ts";

/** What the page may do: run and show what this server serves, and talk to it. Nothing inline, nothing from elsewhere (T24). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // Asked for again each time, and answered with 304: an upgrade must not mix files of two versions.
  "cache-control": "no-cache",
};

/** The dashboard: files without data, open to all who may call; the data behind it needs an admin key. */
export const UI_ROUTES: readonly Route[] = [
  ...UI_PATHS.map((path): Route => ({ method: "GET", path, open: true, handle: sendFile })),
  { method: "GET", path: "/ui/", open: true, handle: toPage },
];

async function sendFile(exchange: Exchange): Promise<void> {
  const file = await uiFile(exchange.path);
  if (!file) throw new ApiError(404, "There is no such file.");
  const { request, response } = exchange;
  const headers = { ...HEADERS, etag: file.etag };
  if (request.headers["if-none-match"] === file.etag) {
    writeHead(exchange, 304, headers);
    response.end();
    return;
  }
  writeHead(exchange, 200, { ...headers, "content-type": file.type, "content-length": file.body.length });
  response.end(request.method === "HEAD" ? undefined : file.body);
}

/** The page names its files relative to `/ui`. */
function toPage(exchange: Exchange): void {
  writeHead(exchange, 308, { ...HEADERS, location: "../ui", "content-length": 0 });
  exchange.response.end();
}
