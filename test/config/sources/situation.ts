import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveSecret } from "../../../src/config/secrets/index.ts";
import { parseServiceKey } from "../../../src/config/service-key.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import type { ResolveOptions } from "../../../src/config/sources.ts";
import { newUser, serviceKey } from "../home.ts";
import { PROFILE } from "../profile.ts";

export type User = ReturnType<typeof newUser>;

/** A new user, and the options that `resolveTenant` gets for them. */
export interface Situation {
  user: User;
  options: ResolveOptions;
}

export function situation(variables: NodeJS.ProcessEnv = {}): Situation {
  const user = newUser(variables);
  return { user, options: { env: user.env, paths: user.paths, interactive: false } };
}

/** A whole set of the variables of SAP's Python SDK. */
export function sdkVariables(clientId = "sb-client!b1"): Record<string, string> {
  return {
    AICORE_CLIENT_ID: clientId,
    AICORE_CLIENT_SECRET: "s",
    AICORE_AUTH_URL: "https://x.authentication.eu10.hana.ondemand.com",
    AICORE_BASE_URL: "https://api.ai.prod.aws.ml.hana.ondemand.com/v2",
  };
}

/** A profile with its secret in the plain file; it becomes the current one. */
export async function saveProfile(user: User, name: string, clientid = "sb-client!b1"): Promise<void> {
  const { credentials } = parseServiceKey(JSON.stringify(serviceKey({ clientid })));
  await saveSecret(name, "plain", credentials, { env: user.env, paths: user.paths, interactive: false });
  await loadSettings(user.env).saveProfile(name, PROFILE);
}

export function writeSapConfig(user: User, name: string, content: unknown): void {
  mkdirSync(join(user.home, ".aicore"), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(user.home, ".aicore", name), text);
}
