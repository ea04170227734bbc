/** `aicore status --all-profiles`: every login, a line each, whatever is the matter with the others. */
import { maskClientId } from "../config/profiles.ts";
import { loadSettings } from "../config/settings.ts";
import { type AicoreError, asAicoreError, UsageError } from "../errors.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { openSession } from "./session.ts";
import { type Asked, ask } from "./status.ts";
import { accountDocument, found } from "./status-document.ts";
import type { Context } from "./types.ts";

interface Row {
  name: string;
  current: boolean;
  host: string;
  client: string;
  resourceGroup: string;
  facts: Asked["facts"];
  problem: AicoreError | undefined;
  document: Record<string, unknown>;
}

/** The exit code: 0 as long as one of them works. */
export async function statusOfAll(context: Context): Promise<number> {
  const { out, env, globals } = context;
  if (globals.profile !== undefined) {
    throw new UsageError("two_choices", "Give --all-profiles or --profile, not both.");
  }
  const { profileNames, currentProfile } = loadSettings(env);
  const rows = await out.during("Asking SAP AI Core", async () => {
    const found: Row[] = [];
    // One after the other: a keychain must not be asked twice at once.
    for (const name of profileNames) found.push(await statusOf(context, name, name === currentProfile));
    return found;
  });
  if (out.json) out.document({ profiles: rows.map(documentOf) });
  else if (rows.length > 0) out.result(renderTable(COLUMNS, rows, out.width));
  else out.say("There are no profiles yet. Make the first: aicore login key.json");
  const [first] = rows;
  return rows.some(({ problem }) => !problem) ? 0 : (first?.problem?.exitCode ?? 4);
}

async function statusOf(context: Context, name: string, current: boolean): Promise<Row> {
  const profile = loadSettings(context.env).profile(name);
  const row = {
    name,
    current,
    host: profile ? new URL(profile.apiUrl).host : "",
    client: profile?.clientId ?? "",
    resourceGroup: profile?.resourceGroup ?? "",
  };
  try {
    const session = await openSession(context, { profile: name, mayAsk: false });
    try {
      const { facts, problem } = await ask(session);
      const { tenant } = session;
      const client = maskClientId(tenant.credentials.clientId);
      return { ...row, client, facts, problem, document: accountDocument(tenant, facts) };
    } finally {
      await session.close();
    }
  } catch (error) {
    return { ...row, facts: undefined, problem: asAicoreError(error), document: { profile: name } };
  }
}

function documentOf({ document, current, problem }: Row): Record<string, unknown> {
  const told = problem && { code: problem.code, message: problem.message };
  return { ...document, current, ...(told && { problem: told }) };
}

const COLUMNS: Column<Row>[] = [
  { title: "Profile", value: ({ name, current }) => (current ? `${name} (current)` : name), whole: true },
  { title: "Client", spare: 2, value: ({ client }) => client },
  { title: "SAP AI Core", spare: 1, value: ({ host }) => host },
  { title: "Resource group", spare: 3, value: ({ resourceGroup }) => resourceGroup },
  {
    title: "Found",
    value: ({ facts, problem }) => (facts ? found(facts) : (problem?.message ?? "nothing")),
  },
];
