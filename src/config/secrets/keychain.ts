import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { inPackage } from "../../package.ts";
import { describeKeychainFailure, keychainAbsent, keychainSilent } from "./keychain-errors.ts";
import type { KeychainAnswer, KeychainRequest } from "./keychain-protocol.ts";

export interface KeychainOptions {
  env: NodeJS.ProcessEnv;
  /** Somebody may be looking at a password dialog: wait longer. */
  interactive: boolean;
  /** Called once when a dialog may be hiding; the sentence is for stderr. */
  onWait?: ((notice: string) => void) | undefined;
  platform?: NodeJS.Platform;
}

const TIMEOUT = 5_000;
const INTERACTIVE_TIMEOUT = 60_000;
const NOTICE_AFTER = 3_000;
const NOTICE = "Waiting for your system keychain – look for a password dialog …";

/** The built file, also for tests that run the sources: plain Node has to be able to run it. `npm test` builds it first. */
const CHILD = fileURLToPath(inPackage("dist/config/secrets/keychain-child.js"));

export async function readKeychain(account: string, options: KeychainOptions): Promise<Buffer | undefined> {
  const secret = await ask({ op: "get", account }, options);
  return secret === null ? undefined : Buffer.from(secret, "base64");
}

export async function writeKeychain(
  account: string,
  secret: Uint8Array,
  options: KeychainOptions,
): Promise<void> {
  await ask({ op: "set", account, secret: Buffer.from(secret).toString("base64") }, options);
}

/** Removing what is not there is no error. */
export async function deleteFromKeychain(account: string, options: KeychainOptions): Promise<void> {
  await ask({ op: "delete", account }, options);
}

/** @throws KeychainError: absent, locked, silent, or its module missing */
async function ask(request: KeychainRequest, options: KeychainOptions): Promise<string | null> {
  const saving = request.op === "set";
  const env = childEnvironment(options.env, options.platform ?? process.platform);
  if (env === undefined) throw keychainAbsent(saving);
  const answer = await runChild(request, env, options);
  if (!answer.ok) throw describeKeychainFailure(answer, saving);
  return answer.secret;
}

/**
 * The child's environment, or undefined where Linux has no session bus: then the module is not even loaded, because
 * D-Bus libraries have started thousands of daemons in containers while looking for one (cli/cli#7582). Variables that
 * hold secrets or make Node open an inspector stay behind.
 */
function childEnvironment(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): NodeJS.ProcessEnv | undefined {
  const kept = Object.entries(env).filter(([name]) => !/^(AICORE_|NODE_|VCAP_|ANTHROPIC_)/.test(name));
  const child = Object.fromEntries(kept);
  if (platform !== "linux" || env.DBUS_SESSION_BUS_ADDRESS) return child;
  const bus = env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, "bus") : undefined;
  if (bus === undefined || !existsSync(bus)) return undefined;
  return { ...child, DBUS_SESSION_BUS_ADDRESS: `unix:path=${bus}` };
}

async function runChild(
  request: KeychainRequest,
  env: NodeJS.ProcessEnv,
  options: KeychainOptions,
): Promise<KeychainAnswer> {
  const timeout = options.interactive ? INTERACTIVE_TIMEOUT : TIMEOUT;
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, [CHILD], { env, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  return await new Promise((resolve, reject) => {
    const notice = setTimeout(() => options.interactive && options.onWait?.(NOTICE), NOTICE_AFTER);
    const deadline = setTimeout(() => {
      child.kill("SIGKILL");
      reject(keychainSilent(timeout / 1_000, request.op === "set"));
    }, timeout);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    child.on("error", (error) => resolve({ ok: false, step: "call", message: error.message }));
    child.on("close", async (code, signal) => {
      clearTimeout(notice);
      clearTimeout(deadline);
      resolve(readAnswer(await said, signal ?? `exit code ${code}`));
    });
    // A child that died early makes this fail with EPIPE; "close" tells what happened.
    child.stdin.on("error", () => {}).end(JSON.stringify(request));
  });
}

function readAnswer([stdout, stderr]: [string, string], ending: string): KeychainAnswer {
  try {
    return JSON.parse(stdout) as KeychainAnswer;
  } catch {
    return {
      ok: false,
      step: "call",
      message: stderr.trim().split("\n").at(-1) || `its process ended with ${ending}`,
    };
  }
}
