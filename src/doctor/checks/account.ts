/** Who SAP takes us for: the token, the resource groups, the service plan. */
import type { AicoreClient } from "../../aicore/client.ts";
import { PLAN_HINT } from "../../aicore/hints.ts";
import { ApiError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { count } from "../../terminal/count.ts";
import { type Check, fail, type Outcome, ok, summed, warn } from "../check.ts";
import type { Facts } from "../facts.ts";

export const ACCOUNT: readonly Check[] = [
  { id: "token", title: "Token", needs: ["connection"], run: tokenOutcome },
  { id: "access", title: "Access", needs: ["token"], run: accessOutcome },
  { id: "plan", title: "Service plan", needs: ["access"], run: planOutcome },
  { id: "resource-group", title: "Resource group", needs: ["access"], run: groupOutcome },
];

/** More are not counted one by one: each costs a call. */
const MOST_COUNTED = 20;

async function tokenOutcome(facts: Facts): Promise<Outcome> {
  const { token } = await facts.client();
  const claims = claimsOf(await token.get());
  const scopes = scopesIn(claims);
  const until = token.expiresAt?.toISOString().replace(/\.\d+Z$/, "Z");
  const rights = scopes.length > 0 ? `, scopes: ${scopes.join(" ")}` : "";
  return ok(`valid until ${until}${rights}`);
}

/** The readable part of a JWT; a token of another kind has none. */
function claimsOf(token: string): JsonObject {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** Without the instance that each begins with (`aicore!b540.`), and not more than a line. */
function scopesIn({ scope }: JsonObject): string[] {
  const all = Array.isArray(scope) ? scope : typeof scope === "string" ? scope.split(" ") : [];
  const names = all.filter((name) => typeof name === "string").map((name) => name.replace(/^.*!b\d+\./, ""));
  return names.length > 6 ? [...names.slice(0, 6), `and ${names.length - 6} more`] : names;
}

/** Whether AI Core takes the token at all: one of another region or tenant was granted just as well. */
async function accessOutcome(facts: Facts): Promise<Outcome> {
  const listed = await listedGroups(facts);
  return ok(
    listed
      ? "SAP AI Core takes the token"
      : "SAP AI Core takes the token, but the key may not list resource groups",
  );
}

/** The resource groups; undefined where the key has no right to list them: then only other calls can tell. */
function listedGroups(facts: Facts): Promise<JsonObject[] | undefined> {
  return facts.resourceGroups().catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  });
}

async function groupOutcome(facts: Facts): Promise<Outcome> {
  const groups = await facts.groups();
  const listed = await listedGroups(facts);
  if (!listed) return await provenBy(groups, facts);
  const rows = new Map(listed.map((row) => [String(row.resourceGroupId), row]));
  const counts = await runningIn([...rows.keys()].slice(0, MOST_COUNTED), await facts.client());
  const findings = groups.map((group) => judged(group, rows.get(group), counts));
  return summed(
    findings.filter((finding) => finding !== undefined),
    ok(
      groups.map((group) => `${group} (${counted(counts.get(group))})`).join(", "),
      othersIn(counts, groups),
    ),
  );
}

function judged(
  group: string,
  row: JsonObject | undefined,
  counts: ReadonlyMap<string, number>,
): Outcome | undefined {
  if (!row) {
    return fail(
      `There is no resource group "${group}" in this tenant.`,
      "Choose another one: `aicore login --resource-group <name>`, or AICORE_RESOURCE_GROUP.",
      othersIn(counts, []),
    );
  }
  const { status, statusMessage } = row;
  if (status === "PROVISIONED" || status === undefined) return undefined;
  return warn(
    `Resource group "${group}" is ${String(status)}${statusMessage ? `: ${String(statusMessage)}` : ""}.`,
    "Wait until SAP has made it (SAP AI Launchpad shows it), or choose another one.",
  );
}

/** A call in the group itself: "RBAC: access denied" where it does not exist. */
async function provenBy(groups: string[], facts: Facts): Promise<Outcome> {
  await facts.deployments();
  return ok(`${groups.join(", ")} (the service key may not list the others)`);
}

/** RUNNING deployments by group; a group that cannot be read is left out. */
async function runningIn(groups: string[], client: AicoreClient): Promise<Map<string, number>> {
  const counts = await Promise.all(
    groups
      .map(async (group): Promise<[string, number]> => {
        const query = { status: "RUNNING", $top: 1, $skip: 0 };
        const page = await client.manage("GET", "/lm/deployments", { resourceGroup: group, query });
        return [group, typeof page.count === "number" ? page.count : 0];
      })
      .map((counting) => counting.catch(() => undefined)),
  );
  return new Map(counts.filter((entry) => entry !== undefined));
}

function othersIn(counts: ReadonlyMap<string, number>, groups: readonly string[]): string[] {
  const others = [...counts].filter(([group]) => !groups.includes(group));
  return others.map(
    ([group, number]) => `${groups.length > 0 ? "also there" : "there is"}: ${group} (${counted(number)})`,
  );
}

function counted(number: number | undefined): string {
  return number === undefined ? "not readable" : count(number, "running deployment");
}

/** Plans without generative models: SAP AI SDK documentation, 2026. */
const WITHOUT_MODELS = ["free", "standard"];

/** SAP names the plan beside each resource group. */
async function planOutcome(facts: Facts): Promise<Outcome> {
  const rows = (await listedGroups(facts)) ?? [];
  const plans = [
    ...new Set(rows.map((row) => row.servicePlan).filter((plan) => typeof plan === "string" && plan)),
  ];
  if (plans.length === 0) return ok("not told by SAP");
  const poor = plans.every((plan) => WITHOUT_MODELS.includes(String(plan).toLowerCase()));
  if (!poor) return ok(plans.join(", "));
  return fail(`The service plan is ${plans.join(", ")}: it has no generative models.`, PLAN_HINT);
}
