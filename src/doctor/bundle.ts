/** `--bundle`: a report to hand to others. What identifies a tenant or a person is taken out of every text in it. */
import { writeFileSync } from "node:fs";
import { homedir, release } from "node:os";
import { UsageError } from "../errors.ts";
import { clean, redact } from "../log.ts";
import type { Facts } from "./facts.ts";

/** Only names are told, never values. */
const TOLD =
  /^(AICORE_|ANTHROPIC_|CLAUDE_|OPENAI_|GEMINI_|GOOGLE_|NODE_|VCAP_|(HTTPS?|NO|ALL)_PROXY$|CI$|LANG$|TERM$)/i;

export const BUNDLE_CONTENTS =
  "versions, system, settings, names of variables, all checks, deployments without their ids";

/** @param checks the document that `doctor --json` prints. */
export async function bundleFrom(facts: Facts, checks: unknown): Promise<unknown> {
  const { env, version } = facts.given;
  const report = {
    created_at: new Date().toISOString(),
    aicore: version,
    node: process.versions.node,
    system: `${process.platform} ${release()} ${process.arch}`,
    variables: Object.keys(env)
      .filter((name) => TOLD.test(name))
      .sort(),
    settings: await known(() => facts.settings().list()),
    profiles: await known(() => profilesIn(facts)),
    deployments: await known(() => deploymentsIn(facts)),
    doctor: checks,
  };
  return withoutIdentity(report, await identitiesIn(facts));
}

/** @throws UsageError for a path that exists already or cannot be written: a report replaces nothing. */
export function writeBundle(path: string, bundle: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(bundle, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const why = code === "EEXIST" ? "is there already" : `cannot be written (${code})`;
    throw new UsageError("bundle_path", `${path} ${why}.`, {
      hint: "Name a new file: --bundle report.json",
      cause,
    });
  }
}

function profilesIn(facts: Facts): unknown {
  const settings = facts.settings();
  return settings.profileNames.map((name, index) => {
    const { apiUrl, storage, kind } = settings.profile(name) ?? {};
    return { profile: index + 1, current: name === settings.currentProfile, api_url: apiUrl, storage, kind };
  });
}

async function deploymentsIn(facts: Facts): Promise<unknown> {
  const deployments = await facts.deployments();
  return deployments.map(
    ({ model, modelVersion, status, statusMessage, executable, scenario, createdAt }) => {
      return {
        model,
        version: modelVersion,
        status,
        status_message: statusMessage,
        executable,
        scenario,
        created_at: createdAt,
      };
    },
  );
}

/** What cannot be known is told by the checks. */
async function known<T>(find: () => T | Promise<T>): Promise<T | null> {
  try {
    return await find();
  } catch {
    return null;
  }
}

/** Texts that say whose report this is, each with what stands for it. */
async function identitiesIn(facts: Facts): Promise<[string, string][]> {
  const tenant = await known(() => facts.tenant());
  const deployments = (await known(() => facts.deployments())) ?? [];
  const { clientId, tokenUrl, tenantId } = tenant?.credentials ?? {};
  const [subdomain = "", ...domain] = tokenUrl ? new URL(tokenUrl).hostname.split(".") : [];
  return [
    ...deployments.map(({ id }, index): [string, string] => [id, `deployment-${index + 1}`]),
    [clientId ?? "", "[client id]"],
    [tenantId ?? "", "[tenant id]"],
    [domain.length > 1 && !/^\d+$/.test(subdomain) ? subdomain : "", "[subdomain]"],
    [facts.given.env.HOME ?? homedir(), "~"],
  ];
}

function withoutIdentity(value: unknown, identities: readonly [string, string][]): unknown {
  if (typeof value === "string") {
    const plain = identities.reduce(
      (text, [identity, name]) => (identity.length > 2 ? text.replaceAll(identity, name) : text),
      value,
    );
    return redact(clean(plain));
  }
  if (Array.isArray(value)) return value.map((item) => withoutIdentity(item, identities));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutIdentity(item, identities)]),
  );
}
