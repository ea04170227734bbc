/** `aicore resource-groups list`: the groups of the tenant, and which of them the profile looks in. */
import { countDeployments } from "../aicore/deployments.ts";
import { listResourceGroups, type ResourceGroup } from "../aicore/resource-groups.ts";
import { ApiError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import type { Palette } from "../terminal/colors.ts";
import { age, type Column, renderTable } from "../terminal/table.ts";
import { type ListOptions, printList } from "./list-format.ts";
import { openSession } from "./session.ts";
import { groupsServed } from "./tenants.ts";
import type { Context } from "./types.ts";

interface GroupsOptions extends ListOptions {
  counts?: boolean;
}

interface Row extends ResourceGroup {
  /** Whether the profile's models are looked for in it. */
  used: boolean;
  deployments: number | undefined;
}

export async function run(
  context: Context,
  _args: string[],
  { counts = false, ...options }: GroupsOptions,
): Promise<undefined> {
  const { out } = context;
  const session = await openSession(context);
  try {
    const { client, tenant } = session;
    const used = groupsServed(tenant);
    const rows = await out.during("Looking at the resource groups", async () => {
      const groups = await listResourceGroups(client);
      return await Promise.all(
        groups.map(async (group): Promise<Row> => {
          const count = counts ? countDeployments(client, group.id).catch(unreadable) : undefined;
          return { ...group, used: used.includes(group.id), deployments: await count };
        }),
      );
    });
    printList(out, options, {
      document: { resource_groups: rows.map((row) => documentOf(row, counts)) },
      names: rows.map(({ id }) => id),
      table: () => {
        if (rows.length > 0) out.result(renderTable(columns(out.paint, counts), rows, out.width));
        else out.say("This tenant has no resource groups. They are created in SAP AI Launchpad.");
      },
    });
    for (const group of used.filter((id) => !rows.some((row) => row.id === id)))
      out.warn(`The profile looks in resource group "${group}", which is not there.`);
  } finally {
    await session.close();
  }
  return undefined;
}

/** A group that is not PROVISIONED cannot be looked into; the others are listed all the same. */
function unreadable(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
}

function documentOf(
  { id, status, statusMessage, createdAt, used, deployments }: Row,
  counts: boolean,
): JsonObject {
  return {
    id,
    status,
    status_message: statusMessage || null,
    created_at: createdAt,
    used,
    ...(counts && { deployments: deployments ?? null }),
  };
}

function columns(paint: Palette, counts: boolean): Column<Row>[] {
  return [
    { title: "Id", value: ({ id }) => id, whole: true },
    {
      title: "Status",
      value: ({ status, statusMessage }) => (statusMessage ? `${status}: ${statusMessage}` : status),
      paint: (cell, { status }) => (status === "PROVISIONED" ? paint.good(cell) : paint.warning(cell)),
    },
    { title: "Used", value: ({ used }) => (used ? "yes" : "-") },
    ...(counts
      ? [{ title: "Deployments", value: ({ deployments }: Row) => String(deployments ?? "-") }]
      : []),
    { title: "Age", value: ({ createdAt }) => age(createdAt), whole: true },
  ];
}
