import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { pathsFor } from "../../src/config/paths.ts";

/** A new empty folder, 0700, gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aicore-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A user with an empty home and nothing in the environment. */
export function newUser(variables: NodeJS.ProcessEnv = {}) {
  const home = temporaryFolder();
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    USERPROFILE: home,
    AICORE_CLI_HOME: join(home, "cli"),
    ...variables,
  };
  const paths = pathsFor(env);
  mkdirSync(paths.config, { recursive: true, mode: 0o700 });
  return { home, env, paths, configPath: join(paths.config, "config.json") };
}

/** `0600` */
export function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8).padStart(4, "0");
}

export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

/** What a thrown value says, for assertions on message, exit code and hint at once. */
export async function failureOf(
  run: () => unknown,
): Promise<{ message: string; exitCode?: number; hint?: string }> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

export const SECRET = "canary-Secret$DEF+123=/";

/** A service key as the BTP cockpit shows it, with `changes` made to it. */
export function serviceKey(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    serviceurls: { AI_API_URL: "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com" },
    appname: "0000!b1234|aicore!b540",
    clientid: "sb-0c1d2e3f-aaaa-bbbb-cccc-00000000f2a1!b1234|aicore!b540",
    clientsecret: SECRET,
    identityzone: "my-subdomain",
    identityzoneid: "11111111-2222-3333-4444-555555555555",
    url: "https://my-subdomain.authentication.eu10.hana.ondemand.com",
    "credential-type": "binding-secret",
    ...changes,
  };
}

export function x509Key(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return serviceKey({
    clientsecret: undefined,
    "credential-type": "x509",
    certificate: fixture("certificate.pem"),
    key: fixture("key.pem"),
    certurl: "https://my-subdomain.authentication.cert.eu10.hana.ondemand.com",
    ...changes,
  });
}
