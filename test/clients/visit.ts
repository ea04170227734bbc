/** What every real program needs to be run here: a home of its own, a running `aicore serve`, and an end. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";

export const AICORE = join(resolve(import.meta.dirname, "../.."), "bin/aicore.js");
export const PACKAGES = join(import.meta.dirname, "node_modules");
/** The key that the served proxy asks of its clients. */
const KEY = "aicl_client-tests";

export type Variables = Record<string, string>;

/** Where a client finds the proxy. */
export interface Door {
  /** Without a path: `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  key: string;
}

export function nonce(): string {
  return `NONCE_${randomBytes(8).toString("hex")}`;
}

/** Nothing of the machine's own clients, SAP settings or proxies gets in. */
export function environment(sandbox: Sandbox, home: string): Variables {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    TMPDIR: home,
    AICORE_CLI_HOME: join(home, "aicore"),
    AICORE_SERVICE_KEY: JSON.stringify(sandbox.serviceKey),
  };
}

/** Runs `visitor` while a real `aicore serve` on the sandbox is up. */
export async function whileServing<T>(
  env: Variables,
  folder: string,
  visitor: (door: Door) => Promise<T>,
): Promise<T> {
  const server = run(
    process.execPath,
    [AICORE, "serve", "--port", "0", "--json"],
    { ...env, AICORE_API_KEYS: KEY },
    folder,
  );
  const closed = new Promise((done) => server.once("close", done));
  try {
    const { url, port } = JSON.parse(await firstLine(server)) as { url: string; port: number };
    return await visitor({ url, port, key: KEY });
  } finally {
    server.kill("SIGTERM");
    await closed;
  }
}

/** Starts a program as the head of its own process group, so that what it started ends with the test as well. */
export function run(command: string, args: string[], env: Variables, cwd: string): ChildProcess {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  onTestFinished(() => endGroup(child.pid));
  return child;
}

/** All that a program prints, until it ends. */
export async function ended(child: ChildProcess): Promise<{ exitCode: number | null; output: string }> {
  let output = "";
  const keep = (text: Buffer) => {
    output += text;
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const exitCode = await new Promise<number | null>((done, failed) => {
    child.once("close", done);
    child.once("error", failed);
  });
  return { exitCode, output };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aicore-client-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((done, failed) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk;
      if (text.includes("\n")) done(text.slice(0, text.indexOf("\n")));
    });
    child.once("close", () => failed(new Error(`ended before it was ready: ${text}`)));
  });
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody of the group is left, as it should be.
  }
}
