import type { Model } from "../catalog/model.ts";
import { invalidRequest } from "../errors.ts";

/** What an API calls the parameters of its lists. */
export interface PageNames {
  limit: string;
  after: string;
  before?: string;
}

export interface Page {
  models: Model[];
  hasMore: boolean;
}

const MOST = 1_000;

/**
 * The stretch of a list that a query asks for; all of it when it names no limit. Cursors are ids.
 * @throws ApiError 400 naming the parameter (security B29).
 */
export function pageOf(models: Model[], query: URLSearchParams, names: PageNames): Page {
  const after = indexOf(models, query, names.after) ?? -1;
  const before = names.before === undefined ? undefined : indexOf(models, query, names.before);
  const limit = limitOf(query, names.limit) ?? models.length;
  const rest = models.slice(after + 1, before);
  const page = before === undefined ? rest.slice(0, limit) : rest.slice(-limit);
  return { models: page, hasMore: page.length < rest.length };
}

function indexOf(models: Model[], query: URLSearchParams, name: string): number | undefined {
  const id = query.get(name);
  if (id === null) return undefined;
  const index = models.findIndex((model) => model.id === id);
  if (index === -1) throw invalidRequest(`${name}: no model of this list has that id`);
  return index;
}

function limitOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= MOST) return limit;
  throw invalidRequest(`${name}: Input should be an integer from 1 to ${MOST}`);
}
