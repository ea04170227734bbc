/** `aicore profiles list|use|rename|remove`: the sub-accounts of this user. */
import { pathsFor } from "../config/paths.ts";
import { checkProfileName, type Profile, STORAGE_SOURCES } from "../config/profiles.ts";
import { nearest } from "../config/rules.ts";
import { copySecret, removeSecret, type SecretOptions } from "../config/secrets/index.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { listSources } from "../config/sources.ts";
import { CredentialsError, UsageError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import { age, type Column, renderTable } from "../terminal/table.ts";
import { type ListOptions, printList } from "./list-format.ts";
import { secretOptions } from "./secrets.ts";
import { resolveOptions } from "./tenants.ts";
import type { Context } from "./types.ts";

interface Row {
  name: string;
  current: boolean;
  profile: Profile;
}

export async function list(context: Context, _args: string[], options: ListOptions): Promise<undefined> {
  const { out, env } = context;
  const settings = loadSettings(env);
  const rows = rowsOf(settings);
  printList(out, options, {
    document: { profiles: rows.map(documentOf) },
    names: rows.map(({ name }) => name),
    table: () => {
      if (rows.length > 0) out.result(renderTable(COLUMNS, rows, out.width));
      else out.say("There are no profiles yet. Make the first: aicore login key.json");
    },
  });
  for (const warning of settings.warnings) out.warn(warning);
  if (rows.length > 0) warnOfOthers(context, settings);
  return undefined;
}

export async function use(context: Context, [name = ""]: string[]): Promise<undefined> {
  const { out, env } = context;
  const settings = loadSettings(env);
  const profile = known(settings, name);
  await settings.useProfile(name);
  if (out.json) out.document({ ...documentOf({ name, current: true, profile }) });
  else out.prose(`Current profile: ${name} (${hostOf(profile)}, resource group ${profile.resourceGroup}).`);
  warnOfOthers(context, settings);
  return undefined;
}

/** Nothing is lost on the way: the secret stands under both names until the settings have the new one. */
export async function rename(context: Context, [from = "", to = ""]: string[]): Promise<undefined> {
  const { out, env } = context;
  const settings = loadSettings(env);
  const profile = known(settings, from);
  checkProfileName(to);
  if (settings.profile(to)) {
    throw new UsageError("profile_exists", `There is a profile "${to}" already. Nothing was changed.`, {
      hint: `Remove it first: aicore profiles remove ${to}`,
    });
  }
  const secrets = askingOnce(secretOptions(context, pathsFor(env)));
  await copySecret(from, to, profile.storage, secrets);
  try {
    await settings.renameProfile(from, to);
    await removeSecret(from, profile.storage, secrets).catch(async (error: unknown) => {
      await settings.renameProfile(to, from);
      throw error;
    });
  } catch (error) {
    await removeSecret(to, profile.storage, secrets).catch(() => {});
    throw error;
  }
  if (out.json) out.document(documentOf({ name: to, current: settings.currentProfile === to, profile }));
  else out.prose(`Profile ${from} is now ${to}.`);
  return undefined;
}

/** The secret first: when its storage fails, the profile stays. */
export async function remove(context: Context, [name = ""]: string[]): Promise<undefined> {
  const { out, env } = context;
  const settings = loadSettings(env);
  const { storage } = known(settings, name);
  const wasCurrent = settings.currentProfile === name;
  await removeSecret(name, storage, secretOptions(context, pathsFor(env)));
  await settings.removeProfile(name);
  const current = settings.currentProfile ?? null;
  if (out.json) out.document({ removed: [name], current });
  else out.prose(`Forgotten: ${name}, and its secret in the ${STORAGE_SOURCES[storage]}.`);
  if (wasCurrent)
    out.say(current ? `Current profile: ${current}.` : "No profile is left: aicore login key.json");
  return undefined;
}

function known(settings: Settings, name: string): Profile {
  const profile = settings.profile(checkProfileName(name));
  if (profile) return profile;
  const names = settings.profileNames;
  const meant = nearest(name, names);
  throw new CredentialsError(
    "profile_missing",
    `There is no profile "${name}".${meant ? ` Did you mean ${meant}?` : ""}`,
    { hint: names.length > 0 ? `Profiles are: ${names.join(", ")}.` : "Make one: aicore login key.json" },
  );
}

function rowsOf(settings: Settings): Row[] {
  return settings.profileNames.flatMap((name) => {
    const profile = settings.profile(name);
    return profile ? [{ name, current: settings.currentProfile === name, profile }] : [];
  });
}

/** Someone who switches profiles wants to know why nothing changes. */
function warnOfOthers(context: Context, settings: Settings): void {
  const winner = listSources(resolveOptions(context, settings)).sources.find(({ wins }) => wins);
  if (winner === undefined || winner.name.startsWith("profile ")) return;
  context.out.warn(`Credentials come from ${winner.name}, which goes before the current profile.`);
}

/** A secret that is moved is read and written under one passphrase, asked for once. */
function askingOnce(options: SecretOptions): SecretOptions {
  const { askPassphrase: ask } = options;
  if (!ask) return options;
  let answer: Promise<string> | undefined;
  return {
    ...options,
    askPassphrase: (request) => {
      answer ??= ask(request);
      return answer;
    },
  };
}

function hostOf({ apiUrl }: Profile): string {
  return new URL(apiUrl).host;
}

function documentOf({ name, current, profile }: Row): JsonObject {
  return {
    name,
    current,
    client_id: profile.clientId,
    api_url: profile.apiUrl,
    resource_group: profile.resourceGroup,
    resource_groups: profile.resourceGroups ?? [profile.resourceGroup],
    storage: profile.storage,
    kind: profile.kind,
    certificate_expires_at: profile.certificateExpiresAt ?? null,
    created_at: profile.createdAt,
  };
}

const COLUMNS: Column<Row>[] = [
  { title: "Name", value: ({ name, current }) => (current ? `${name} (current)` : name), whole: true },
  { title: "Client", spare: 2, value: ({ profile }) => profile.clientId },
  { title: "SAP AI Core", value: ({ profile }) => hostOf(profile) },
  {
    title: "Resource group",
    value: ({ profile }) => (profile.resourceGroups ?? [profile.resourceGroup]).join(", "),
  },
  { title: "Secret in", spare: 1, value: ({ profile }) => STORAGE_SOURCES[profile.storage] },
  { title: "Age", value: ({ profile }) => age(profile.createdAt), whole: true },
];
