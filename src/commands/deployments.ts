/** `aicore deployments list`: every deployment of the profiles and resource groups asked for. */
import type { Deployment } from "../aicore/deployment.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { listResourceGroups } from "../aicore/resource-groups.ts";
import { loadSettings } from "../config/settings.ts";
import { asAicoreError, UsageError } from "../errors.ts";
import type { Palette } from "../terminal/colors.ts";
import { age, type Column, renderTable } from "../terminal/table.ts";
import { deploymentDocument } from "./deployment-document.ts";
import { type ListOptions, printList } from "./list-format.ts";
import { openSession, type Session } from "./session.ts";
import { groupsServed } from "./tenants.ts";
import type { Context } from "./types.ts";

interface DeploymentsOptions extends ListOptions {
  resourceGroup?: string;
  allGroups?: boolean;
  allProfiles?: boolean;
  status?: string;
}

const STATUSES = ["RUNNING", "PENDING", "UNKNOWN", "STOPPING", "STOPPED", "COMPLETED", "DEAD"];

export async function run(
  context: Context,
  _args: string[],
  options: DeploymentsOptions,
): Promise<undefined> {
  const { out } = context;
  const status = options.status?.toUpperCase();
  if (status !== undefined && !STATUSES.includes(status)) {
    throw new UsageError(
      "bad_status",
      `--status: expected one of ${STATUSES.join(", ")}, got "${options.status}".`,
    );
  }
  const found = await collect(context, options);
  const rows = status === undefined ? found : found.filter((row) => row.status === status);
  printList(out, options, {
    document: { deployments: rows.map(deploymentDocument) },
    names: rows.map(({ id }) => id),
    table: () => {
      if (rows.length > 0) out.result(renderTable(columns(out.paint, rows), rows, out.width));
      else out.say("No deployments here. Try --all-groups, or make one: aicore deployments create <model>");
    },
  });
  return undefined;
}

async function collect(context: Context, options: DeploymentsOptions): Promise<Deployment[]> {
  if (!options.allProfiles) return await ofProfile(context, options);
  const { profileNames } = loadSettings(context.env);
  if (profileNames.length === 0) return await ofProfile(context, options);
  return await gather(context, profileNames, (profile) => ofProfile(context, { ...options, profile }));
}

/** The spinner turns only once the profile is open: opening it may ask for a passphrase. */
async function ofProfile(
  context: Context,
  options: DeploymentsOptions & { profile?: string },
): Promise<Deployment[]> {
  const session = await openSession(context, options);
  const { client } = session;
  try {
    return await context.out.during("Looking at the deployments", async () => {
      const groups = await groupsOf(session, options);
      return await gather(context, groups, (resourceGroup) => listDeployments(client, { resourceGroup }));
    });
  } finally {
    await session.close();
  }
}

async function groupsOf({ client, tenant }: Session, options: DeploymentsOptions): Promise<string[]> {
  if (options.allGroups) return (await listResourceGroups(client)).map(({ id }) => id);
  return groupsServed(tenant);
}

/** All parts together, one after the other. One that fails is warned of; the first error is thrown when all fail. */
async function gather(
  { out }: Context,
  parts: string[],
  read: (part: string) => Promise<Deployment[]>,
): Promise<Deployment[]> {
  const found: Deployment[] = [];
  const failures: { part: string; error: unknown }[] = [];
  for (const part of parts) {
    await read(part).then(
      (rows) => found.push(...rows),
      (error: unknown) => failures.push({ part, error }),
    );
  }
  if (failures[0] && failures.length === parts.length) throw failures[0].error;
  for (const { part, error } of failures) out.warn(`${part} is left out: ${asAicoreError(error).message}`);
  return found;
}

/** Where deployments lie is told on a narrow terminal too, if it is not the same for all. */
function columns(paint: Palette, rows: readonly Deployment[]): Column<Deployment>[] {
  const differs = (place: (row: Deployment) => string) => new Set(rows.map(place)).size > 1;
  return [
    { title: "Id", value: ({ id }) => id, whole: true },
    { title: "Model", value: ({ model }) => model ?? "-" },
    { title: "Version", spare: 2, value: ({ modelVersion }) => modelVersion ?? "-" },
    {
      title: "Status",
      value: ({ status }) => status,
      whole: true,
      paint: (cell, { status }) => colored(paint, cell, status),
    },
    { title: "Executable", spare: 3, value: ({ executable }) => executable },
    {
      title: "Resource group",
      spare: differs(({ resourceGroup }) => resourceGroup) ? 0 : 4,
      value: ({ resourceGroup }) => resourceGroup,
    },
    {
      title: "Profile",
      spare: differs(({ profile }) => profile) ? 0 : 5,
      value: ({ profile }) => profile,
    },
    { title: "Age", spare: 1, value: ({ createdAt }) => age(createdAt), whole: true },
  ];
}

function colored(paint: Palette, cell: string, status: string): string {
  if (status === "RUNNING") return paint.good(cell);
  if (status === "DEAD") return paint.bad(cell);
  return status === "PENDING" || status === "UNKNOWN" ? paint.warning(cell) : paint.faint(cell);
}
