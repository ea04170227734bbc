/** Runs the real Claude Code, headless and away from the user's own files. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const AICORE = join(ROOT, "bin/aicore.js");
const PACKAGES = join(import.meta.dirname, "node_modules");

/** The newest version on npm, and the oldest that we hold ourselves to. */
export const VERSIONS = ["claude-code-latest", "claude-code-2.1.197"] as const;
export type Version = (typeof VERSIONS)[number];

/** How the client comes to its proxy: started by us, or pointed at a running `serve`. */
export const WAYS = ["aicore claude", "aicore serve"] as const;
export type Way = (typeof WAYS)[number];

export interface Visit {
  sandbox: Sandbox;
  version: Version;
  way: Way;
  prompt: string;
  args?: string[];
  /** Files in the working folder. */
  files?: Record<string, string | Buffer>;
}

/** The last line of Claude Code's stream-json output. */
export interface Outcome {
  exitCode: number | null;
  result: string;
  isError: boolean;
  /** All that was printed, for a failing test to show. */
  output: string;
}

export function nonce(): string {
  return `NONCE_${randomBytes(8).toString("hex")}`;
}

export async function visit({
  sandbox,
  version,
  way,
  prompt,
  args = [],
  files = {},
}: Visit): Promise<Outcome> {
  const home = temporaryFolder();
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const env = environment(sandbox, version, home);
  const asked = ["-p", prompt, "--output-format", "stream-json", "--verbose", ...args];
  if (way === "aicore claude")
    return outcome(run(process.execPath, [AICORE, "claude", ...asked], env, folder));
  const server = run(process.execPath, [AICORE, "serve", "--port", "0", "--json"], env, folder);
  try {
    const { port } = JSON.parse(await firstLine(server)) as { port: number };
    const printed = await whole(
      run(
        process.execPath,
        [AICORE, "env", "claude", "--port", String(port), "--shell", "json"],
        env,
        folder,
      ),
    );
    const variables = JSON.parse(printed) as Record<string, string>;
    return await outcome(run("claude", asked, { ...env, ...variables }, folder));
  } finally {
    server.kill("SIGTERM");
    await new Promise((done) => server.once("close", done));
  }
}

/** A minimal environment: nothing of the machine's own Claude, SAP or proxy settings gets in. */
function environment(sandbox: Sandbox, version: Version, home: string): Record<string, string> {
  const bin = join(home, "bin");
  mkdirSync(bin);
  symlinkSync(binaryOf(version), join(bin, "claude"));
  return {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: home,
    AICORE_CLI_HOME: join(home, "aicore"),
    AICORE_SERVICE_KEY: JSON.stringify(sandbox.serviceKey),
    IS_SANDBOX: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
}

/** The program inside the package for this platform: npm hoists one version and nests the other. */
function binaryOf(version: Version): string {
  const platform = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
  const places = [
    join(PACKAGES, version, "node_modules", platform, "claude"),
    join(PACKAGES, platform, "claude"),
  ];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new Error(
    `Claude Code is not installed for ${process.platform}-${process.arch}: run npm run test:clients`,
  );
}

function run(command: string, args: string[], env: Record<string, string>, cwd: string): ChildProcess {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  let output = "";
  child.stdout?.on("data", (text: Buffer) => {
    output += text;
  });
  child.stderr?.on("data", (text: Buffer) => {
    output += text;
  });
  const exitCode = await new Promise<number | null>((done) => child.once("close", done));
  const last = output.split("\n").findLast((line) => line.includes('"type":"result"')) ?? "{}";
  const { result = "", is_error: isError = true } = JSON.parse(last) as {
    result?: string;
    is_error?: boolean;
  };
  return { exitCode, result, isError, output };
}

async function whole(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  await new Promise((done) => child.once("close", done));
  return text;
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

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aicore-client-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
