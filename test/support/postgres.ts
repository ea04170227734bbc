import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";

/** Where Debian's package puts the programs of each version. */
const DEBIAN = "/usr/lib/postgresql";
const BIN = existsSync(DEBIAN)
  ? readdirSync(DEBIAN)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(DEBIAN, version, "bin"))
      .find((bin) => existsSync(join(bin, "initdb")))
  : undefined;

/** Why tests on Postgres are skipped; undefined where they can run. */
export const noPostgres = BIN === undefined ? `no ${DEBIAN} (apt-get install postgresql)` : undefined;

/** A Postgres of one test file's own, in a temporary folder, reached by a socket in it. */
export interface PostgresServer {
  /** The URL of a new, empty database. */
  newDatabase(): Promise<string>;
  /** Ends the server at once, as a crash would; its data stay. */
  crash(): Promise<void>;
  /** Starts it again after a crash. */
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = BIN ?? "";
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "aicore-pg-"));
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const initdb = ["-D", data, "-U", "aicore", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(bin, "initdb"), initdb, { ...user, cwd: folder, stdio: "pipe" });

  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off"];
  const start = () => startServer(join(bin, "postgres"), data, settings, { ...user, cwd: folder });
  let server = await start();
  let databases = 0;
  const urlOf = (database: string) =>
    `postgres://aicore@localhost/${database}?host=${encodeURIComponent(folder)}`;

  return {
    newDatabase: async () => {
      databases += 1;
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database test${databases}`);
      await client.end();
      return urlOf(`test${databases}`);
    },
    crash: () => end(server, "SIGQUIT"),
    start: async () => {
      server = await start();
    },
    remove: async () => {
      await end(server, "SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(
  program: string,
  data: string,
  settings: string[],
  options: { uid?: number; gid?: number; cwd: string },
): Promise<ChildProcess> {
  const server = spawn(program, ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
    ...options,
    stdio: ["ignore", "ignore", "pipe"],
  });
  process.once("exit", () => server.kill("SIGKILL"));
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line);
    if (line.includes("ready to accept connections")) break;
  }
  if (server.exitCode !== null || !said.at(-1)?.includes("ready")) throw new Error(said.join("\n"));
  server.stderr.resume();
  return server;
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill(signal);
  await ended;
}

/** Postgres does not run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}
