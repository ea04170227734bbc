/** `aicore login`: nothing is stored before it has proven to work. */
import { AicoreClient } from "../aicore/client.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { CredentialsRefusedError } from "../aicore/token-answer.ts";
import { modelsOf } from "../catalog/model.ts";
import type { Credentials } from "../config/credentials.ts";
import { pathsFor } from "../config/paths.ts";
import {
  checkProfileName,
  DEFAULT_PROFILE,
  maskClientId,
  profileOf,
  STORAGE_SOURCES,
} from "../config/profiles.ts";
import { plainFileWarning, removeSecret, type StorageKind, saveSecret } from "../config/secrets/index.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { CredentialsError, UsageError } from "../errors.ts";
import { askYesNo } from "../terminal/prompt.ts";
import { type KeyOptions, readKey } from "./login-key.ts";
import { secretOptions } from "./secrets.ts";
import { networkFor } from "./session.ts";
import { accountDocument, found } from "./status-document.ts";
import type { Context } from "./types.ts";

interface LoginOptions extends KeyOptions {
  resourceGroup?: string;
  storage?: "keychain" | "file";
  insecureStorage?: boolean;
  /** False for `--no-verify`. */
  verify?: boolean;
  force?: boolean;
}

/** What will be stored, once it is proven. */
interface Candidate {
  name: string;
  credentials: Credentials;
  resourceGroup: string;
  storage: StorageKind;
  allowHosts: string[];
}

/** What the tenant showed when the key was tried. */
interface Proof {
  expiresAt: Date | undefined;
  deployments: number;
  models: number;
}

export async function run(context: Context, [file]: string[], options: LoginOptions): Promise<undefined> {
  const { env, globals, out } = context;
  const name = checkProfileName(globals.profile ?? DEFAULT_PROFILE);
  const settings = loadSettings(env);
  const key = await readKey(context, settings, file, options);
  for (const warning of key.warnings) out.warn(warning);
  const candidate: Candidate = {
    name,
    credentials: key.credentials,
    resourceGroup: options.resourceGroup || env.AICORE_RESOURCE_GROUP || key.resourceGroup || "default",
    storage: options.insecureStorage ? "plain" : (options.storage ?? "keychain"),
    allowHosts: options.allowHost ? [options.allowHost] : [],
  };
  if (!options.force) await mayReplace(context, settings, candidate);
  const proof =
    options.verify === false
      ? undefined
      : await out.during("Trying the key", () => prove(context, settings, candidate));
  await store(context, settings, candidate);
  report(context, candidate, proof);
  return undefined;
}

/** A profile that belongs to another client is replaced only when its user says so. */
async function mayReplace(
  { out }: Context,
  settings: Settings,
  { name, credentials }: Candidate,
): Promise<void> {
  const known = settings.profile(name);
  const same = known?.clientId === maskClientId(credentials.clientId) && known?.apiUrl === credentials.apiUrl;
  if (!known || same) return;
  const fact = `Profile "${name}" belongs to another client (${known.clientId}, ${new URL(known.apiUrl).host}).`;
  if (out.interactive && (await askYesNo(`${fact} Replace it?`))) return;
  throw new UsageError("profile_exists", `${fact} It was not changed.`, {
    hint: "Replace it with --force, or keep both: aicore --profile <name> login key.json",
  });
}

/** One token and one list of deployments: what every later command stands on. */
async function prove(
  context: Context,
  settings: Settings,
  { name, credentials, resourceGroup }: Candidate,
): Promise<Proof> {
  const network = networkFor(context, settings);
  try {
    const tenant = {
      profile: name,
      credentials,
      source: "AICORE_SERVICE_KEY",
      resourceGroup,
      warnings: [],
    } as const;
    const client = new AicoreClient({ tenant: { ...tenant, warnings: [] }, network, log: context.log });
    const deployments = await listDeployments(client);
    return {
      expiresAt: client.token.expiresAt,
      deployments: deployments.length,
      models: modelsOf(deployments).length,
    };
  } catch (error) {
    throw error instanceof CredentialsRefusedError ? refused(error) : error;
  } finally {
    await network.close();
  }
}

/** The same refusal in the words of a login: no advice to log in. */
function refused(error: CredentialsRefusedError): CredentialsError {
  const words = error.message.slice(error.message.indexOf(": ") + 2);
  return new CredentialsError("invalid_credentials", `SAP rejected these credentials (${words}).`, {
    hint: "Nothing was saved. Create a new service key in the BTP cockpit; --no-verify stores this one untried.",
    cause: error,
  });
}

/** The secret first: a profile without one would be of no use. The old secret goes last. */
async function store(context: Context, settings: Settings, candidate: Candidate): Promise<void> {
  const { name, credentials, storage } = candidate;
  const secrets = secretOptions(context, pathsFor(context.env));
  const before = settings.profile(name);
  await saveSecret(name, storage, credentials, secrets);
  await settings.saveProfile(name, profileOf(credentials, candidate));
  if (before && before.storage !== storage) await removeSecret(name, before.storage, secrets);
}

function report({ out, env }: Context, candidate: Candidate, proof: Proof | undefined): void {
  const { name, credentials, resourceGroup, storage } = candidate;
  if (storage === "plain") out.warn(plainFileWarning(pathsFor(env)));
  const source = STORAGE_SOURCES[storage];
  if (out.json) {
    const tenant = { profile: name, source, credentials, resourceGroup };
    out.document(accountDocument(tenant, proof));
    return;
  }
  const tried = proof ? found(proof) : "not tried (--no-verify)";
  out.prose(
    [
      `Logged in: profile "${name}", client ${maskClientId(credentials.clientId)}, secret in the ${source}.`,
      `${credentials.apiUrl}, resource group ${resourceGroup}: ${tried}.`,
    ].join("\n"),
  );
  if (proof?.models === 0)
    out.say(
      `No model runs in resource group ${resourceGroup}. Look elsewhere: aicore deployments list --all-groups`,
    );
  else out.say("Next: aicore claude, or aicore models list");
}
