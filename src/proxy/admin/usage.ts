import { invalidRequest } from "../../errors.ts";
import type { UsageFilter, UsageGroup } from "../../usage/usage-query.ts";
import type { ProxyContext } from "../context.ts";
import { type Exchange, sendJson, whileOpen } from "../exchange.ts";
import { backendOf } from "./access.ts";
import { requestDocument, usageDocument } from "./documents.ts";
import { parametersOf, timeIn, wholeNumber } from "./parameters.ts";

export const GROUPS: readonly UsageGroup[] = ["model", "key", "profile", "tool", "day", "session"];
/** Parameters that are exact names. */
export const NAMES = ["key", "model", "profile", "tool", "session"] as const;
const FILTERS = ["since", "until", ...NAMES];
export const MOST_REQUESTS = 1_000;
export const SOME_REQUESTS = 50;

/** `GET /admin/usage`: what was used, in groups. */
export async function showUsage(exchange: Exchange, context: ProxyContext): Promise<void> {
  const given = parametersOf(exchange, ["group_by", ...FILTERS]);
  const by = groupsIn(given.get("group_by") ?? "model");
  const query = { by, ...filterIn(given, exchange.arrivedAt) };
  const figures = await whileOpen(exchange, backendOf(context).figures(query));
  sendJson(exchange, 200, usageDocument(figures));
}

/** `GET /admin/requests`: the newest requests. */
export async function listRequests(exchange: Exchange, context: ProxyContext): Promise<void> {
  const given = parametersOf(exchange, ["limit", ...FILTERS]);
  const most = given.get("limit");
  const limit = most === undefined ? SOME_REQUESTS : wholeNumber("limit", most, MOST_REQUESTS);
  const query = { limit, ...filterIn(given, exchange.arrivedAt) };
  const rows = await whileOpen(exchange, backendOf(context).recent(query));
  sendJson(exchange, 200, { requests: rows.map(requestDocument) });
}

function filterIn(given: ReadonlyMap<string, string>, now: number): UsageFilter {
  const filter: UsageFilter = {};
  for (const name of ["since", "until"] as const) {
    const time = given.get(name);
    if (time !== undefined) filter[name] = timeIn(name, time, now);
  }
  for (const name of NAMES) {
    const value = given.get(name);
    if (value !== undefined) filter[name] = value;
  }
  const { since, until } = filter;
  if (since === undefined || until === undefined || since < until) return filter;
  throw invalidRequest("until: Should be later than since");
}

function groupsIn(text: string): UsageGroup[] {
  const groups = text.split(",").map((part) => {
    const group = GROUPS.find((each) => each === part.trim());
    if (group) return group;
    throw invalidRequest(`group_by: Input should be a list of ${GROUPS.join(", ")}`);
  });
  if (new Set(groups).size < groups.length) throw invalidRequest("group_by: Names a group twice");
  return groups;
}
