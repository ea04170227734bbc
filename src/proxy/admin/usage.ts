import { invalidRequest } from "../../errors.ts";
import type { UsageGroup, UsageQuery } from "../../usage/usage-store.ts";
import type { ProxyContext } from "../context.ts";
import { type Exchange, sendJson, whileOpen } from "../exchange.ts";
import { backendOf } from "./access.ts";
import { requestDocument, usageDocument } from "./documents.ts";
import { parametersOf, timeIn, wholeNumber } from "./parameters.ts";

export const GROUPS: readonly UsageGroup[] = ["model", "key", "profile", "tool", "day", "session"];
export const FILTERS = ["key", "model", "profile", "tool", "session"] as const;
export const MOST_REQUESTS = 1_000;
const DEFAULT_REQUESTS = 50;

/** `GET /admin/usage`: what was used, in groups. */
export async function showUsage(exchange: Exchange, context: ProxyContext): Promise<void> {
  const query = readUsageQuery(exchange);
  const figures = await whileOpen(exchange, backendOf(context).figures(query));
  sendJson(exchange, 200, usageDocument(figures));
}

/** `GET /admin/requests`: the newest requests. */
export async function listRequests(exchange: Exchange, context: ProxyContext): Promise<void> {
  const limit = parametersOf(exchange, ["limit"]).get("limit");
  const most = limit === undefined ? DEFAULT_REQUESTS : wholeNumber("limit", limit, MOST_REQUESTS);
  const rows = await whileOpen(exchange, backendOf(context).recent(most));
  sendJson(exchange, 200, { requests: rows.map(requestDocument) });
}

function readUsageQuery(exchange: Exchange): UsageQuery {
  const now = exchange.arrivedAt;
  const given = parametersOf(exchange, ["group_by", "since", "until", ...FILTERS]);
  const query: UsageQuery = { by: groupsIn(given.get("group_by") ?? "model") };
  const [since, until] = [given.get("since"), given.get("until")];
  if (since !== undefined) query.since = timeIn("since", since, now);
  if (until !== undefined) query.until = timeIn("until", until, now);
  if (query.since !== undefined && query.until !== undefined && query.since >= query.until) {
    throw invalidRequest("until: Should be later than since");
  }
  for (const name of FILTERS) {
    const value = given.get(name);
    if (value !== undefined) query[name] = value;
  }
  return query;
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
