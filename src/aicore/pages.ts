import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import type { AicoreClient, ManageOptions } from "./client.ts";

const FULL_PAGE = 100;
const SMALLEST_PAGE = 10;
/** A list that goes on for longer is not believed. */
const MOST_ROWS = 20_000;

/**
 * All rows of a management list (`{count, resources}`), page by page. A 413, SAP's answer to a page that is too
 * large, halves the page; a page that was there before ends the list (the host does not know `$skip`).
 */
export async function listAll(
  client: AicoreClient,
  path: string,
  options: ManageOptions = {},
): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  let firstOfPage = "";
  for (let size = FULL_PAGE; rows.length < MOST_ROWS; ) {
    const query = { ...options.query, $top: size, $skip: rows.length };
    const page = await client.manage("GET", path, { ...options, query }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 413 && size > SMALLEST_PAGE) return undefined;
      throw error;
    });
    if (!page) {
      size = Math.max(SMALLEST_PAGE, Math.floor(size / 2));
      continue;
    }
    const found = Array.isArray(page.resources) ? page.resources.filter(isObject) : [];
    if (found.length === 0 || JSON.stringify(found[0]) === firstOfPage) break;
    firstOfPage = JSON.stringify(found[0]);
    rows.push(...found);
    if (isLast(page, rows.length, found.length < size)) break;
  }
  return rows;
}

/** By the total where SAP gives one, by a short page where not. */
function isLast(page: JsonObject, have: number, short: boolean): boolean {
  return typeof page.count === "number" ? have >= page.count : short;
}
