/** A real `aicore serve` on two tenants, and what the system knows of its process. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadSettings } from "../../src/config/settings.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { aicore, firstLine, type Ran, start, temporaryFolder } from "../cli/run.ts";

export interface Stats {
  requests: Record<"completed" | "failed" | "broken" | "cancelled", number>;
  waiting: number;
  targets: { in_flight: number }[];
}

export interface Service {
  sandboxes: [Sandbox, Sandbox];
  url: string;
  key: string;
  stats(): Promise<Stats>;
  /** Open files of the process; sockets are counted by themselves. */
  files(): number;
  /** TCP connections of the process, to both sides; the socket that it listens on is none. */
  connections(): number;
  /** What it holds once all garbage is gone, in MB: heap and buffers. */
  memory(): Promise<number>;
  /** Ends it as a user does. */
  stop(): Promise<Ran>;
}

/** The least that a user can set. */
const IDLE_SECONDS = "10";
const PACE = 3;

/** Resident memory breathes by dozens of megabytes; what is left after a collection does not. */
const WEIGH = `data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write("weight=" + (heapUsed + external) + "\\n");
});`)}`;

export async function startService(): Promise<Service> {
  const home = temporaryFolder();
  const env = { AICORE_CLI_HOME: home, HOME: temporaryFolder(), AICORE_LOG: "warn" };
  const sandboxes: Service["sandboxes"] = [
    await startSandbox({ pace: PACE }),
    await startSandbox({ pace: PACE }),
  ];
  onTestFinished(async () => void (await Promise.all(sandboxes.map((sandbox) => sandbox.close()))));
  for (const [at, { serviceKey }] of sandboxes.entries()) await logIn(env, `tenant-${at + 1}`, serviceKey);
  await loadSettings(env).set("server.idle", IDLE_SECONDS);

  const child = start(["serve", "--port", "0", "--json"], { env, node: ["--expose-gc", "--import", WEIGH] });
  const { url, pid } = JSON.parse(await firstLine(child)) as { url: string; pid: number };
  const key = readFileSync(join(home, "state", "local-key"), "utf8").trim();
  return {
    sandboxes,
    url,
    key,
    async stats() {
      // A connection of its own: it must not count among those that are left open.
      const headers = { "x-api-key": key, connection: "close" };
      return (await (await fetch(`${url}/stats`, { headers })).json()) as Stats;
    },
    files: () => filesOf(pid).filter((path) => !path.startsWith("socket:")).length,
    connections: () => connectionsOf(pid),
    memory: () => memoryOf(child),
    stop() {
      child.kill("SIGTERM");
      return child.result;
    },
  };
}

async function logIn(env: NodeJS.ProcessEnv, profile: string, serviceKey: unknown): Promise<void> {
  const file = join(temporaryFolder(), "key.json");
  writeFileSync(file, JSON.stringify(serviceKey), { mode: 0o600 });
  const { code, stderr } = await aicore(["--profile", profile, "login", "--insecure-storage", file], { env });
  if (code !== 0) throw new Error(`login failed: ${stderr}`);
}

/** What each open file is: a path, or `socket:[inode]`. */
function filesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).map((fd) => linkOf(join(folder, fd)));
}

const LISTENING = "0A";

function connectionsOf(pid: number): number {
  const mine = new Set(filesOf(pid));
  const rows = readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n").slice(1);
  // proc(5): the fourth column is the state, the tenth the inode.
  const columns = rows.map((row) => row.trim().split(/\s+/));
  return columns.filter(
    ([, , , state, , , , , , inode]) => state !== LISTENING && mine.has(`socket:[${inode}]`),
  ).length;
}

/** Empty when it was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function memoryOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.stderr?.on("data", function hear(text: string) {
      const [, bytes] = /weight=(\d+)/.exec(text) ?? [];
      if (bytes === undefined) return;
      child.stderr?.off("data", hear);
      resolve(Number(bytes) / 2 ** 20);
    });
    child.kill("SIGUSR2");
  });
}
