/** `aicore status`: who is logged in, by which source, whether it works, and whether a proxy runs. */

import { listDeployments } from "../aicore/deployments.ts";
import { CredentialsRefusedError } from "../aicore/token-answer.ts";
import { modelsOf } from "../catalog/model.ts";
import { pathsFor } from "../config/paths.ts";
import { maskClientId } from "../config/profiles.ts";
import { ApiError } from "../errors.ts";
import { renderFields } from "../terminal/fields.ts";
import { type RunningProxy, runningProxies } from "./running.ts";
import { openSession, type Session } from "./session.ts";
import { accountDocument, found, type TenantFacts } from "./status-document.ts";
import type { Context } from "./types.ts";

export interface Asked {
  facts?: TenantFacts;
  /** Why there are none. */
  problem?: ApiError;
}

/** @throws CredentialsError (exit code 4) when nobody is logged in. */
export async function run(
  context: Context,
  _args: string[],
  { allProfiles = false }: { allProfiles?: boolean } = {},
): Promise<number> {
  const { out, env } = context;
  if (allProfiles) return await (await import("./status-all.ts")).statusOfAll(context);
  const session = await openSession(context, { mayAsk: false, reminds: true });
  try {
    const asked = await out.during("Asking SAP AI Core", () => ask(session));
    const proxies = runningProxies(pathsFor(env));
    if (out.json) out.document(documentOf(session, asked, proxies));
    else out.result(renderFields(rowsOf(session, asked, proxies), out.width));
    return asked.problem instanceof CredentialsRefusedError ? asked.problem.exitCode : 0;
  } finally {
    await session.close();
  }
}

export async function ask({ client }: Session): Promise<Asked> {
  try {
    const deployments = await listDeployments(client);
    const models = modelsOf(deployments).length;
    return { facts: { expiresAt: client.token.expiresAt, deployments: deployments.length, models } };
  } catch (error) {
    if (error instanceof ApiError) return { problem: error };
    throw error;
  }
}

function documentOf({ tenant }: Session, { facts, problem }: Asked, proxies: RunningProxy[]): unknown {
  return {
    ...accountDocument(tenant, facts),
    ...(problem ? { problem: { code: problem.code, message: problem.message } } : {}),
    warnings: tenant.warnings,
    proxies: proxies.map(({ url, port, pid }) => ({ url, port, pid })),
  };
}

function rowsOf(
  { tenant, settings }: Session,
  { facts, problem }: Asked,
  proxies: RunningProxy[],
): [string, string][] {
  const { credentials, profile, source, resourceGroup } = tenant;
  return [
    ["Profile", profile],
    ["Credentials", `${source}, client ${maskClientId(credentials.clientId)}`],
    ["SAP AI Core", `${credentials.apiUrl}, resource group ${resourceGroup}`],
    [
      "Token",
      facts?.expiresAt ? `valid until ${facts.expiresAt.toISOString().replace(/\.\d+Z$/, "Z")}` : "none",
    ],
    ["Found", facts ? found(facts) : `nothing: ${problem?.message ?? ""}`],
    ...othersThan(tenant.profile, settings.profileNames),
    ["Proxy", proxies.map(({ url, pid }) => `${url} (pid ${pid})`).join(", ") || "not running"],
  ];
}

function othersThan(profile: string, names: readonly string[]): [string, string][] {
  const others = names.filter((name) => name !== profile);
  return others.length > 0 ? [["Other logins", `${others.join(", ")} (aicore status --all-profiles)`]] : [];
}
