import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from "kysely";
import type { Pool, PoolClient } from "pg";
import { AicoreError } from "../errors.ts";
import { engineMissing, messageOf } from "./errors.ts";
import { migrate } from "./migrations.ts";
import type { Database } from "./open.ts";
import { toBind } from "./parameters.ts";
import type { Tables } from "./schema.ts";

/** Milliseconds. A server that stays silent must not hold its caller for good. */
const CONNECT_TIMEOUT = 5_000;
const QUERY_TIMEOUT = 30_000;
const CONNECTIONS = 4;
/** int8 and numeric: what `count` and `sum` answer with. `pg` leaves them as strings; ours are far below 2^53. */
const WIDE_NUMBERS = new Set([20, 1700]);

/** Opens a Postgres and brings its tables up to date. */
export async function openPostgres(url: string): Promise<Database> {
  const kysely = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: told(await poolFor(url), url) }),
  });
  try {
    await migrate(kysely, "postgres", "all");
    const version = await sql<{ server_version: string }>`show server_version`.execute(kysely);
    const engine = `PostgreSQL ${version.rows[0]?.server_version.split(" ", 1)[0]}`;
    return { kysely, kind: "postgres", engine, close: () => kysely.destroy() };
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
}

async function poolFor(url: string): Promise<Pool> {
  const { default: pg } = await import("pg").catch((error: unknown) => {
    throw engineMissing(
      "The package pg, which speaks to Postgres, is not installed.",
      "Install it beside aicore (npm install -g pg), or install aicore with its optional packages.",
      error,
    );
  });
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "aicore",
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        WIDE_NUMBERS.has(oid) ? Number : pg.types.getTypeParser(oid, format),
    } as typeof pg.types,
  });
  // A connection that breaks tells whoever waits on it; without a listener it would end the process as well.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** The pool, its errors in our words. */
function told(pool: Pool, url: string): PostgresPool {
  return {
    end: () => pool.end(),
    connect: async () =>
      toldClient(await pool.connect().catch((error) => Promise.reject(postgresError(url, error))), url),
  };
}

function toldClient(client: PoolClient, url: string): PostgresPoolClient {
  let broken: Error | undefined;
  const query = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(text, [...toBind(parameters)]);
    } catch (error) {
      const told = postgresError(url, error);
      // A connection that did not answer may answer the next one with this one's rows.
      if (told.code === "database_unreachable") broken = told;
      throw told;
    }
  };
  return { query: query as unknown as PostgresPoolClient["query"], release: () => client.release(broken) };
}

/** SQLSTATE classes (https://www.postgresql.org/docs/15/errcodes-appendix.html) that say what is to be done. */
const REFUSED = /^(?:28|3D|42501)/;
const FULL = /^53[12]/;
const READ_ONLY = /^25006/;
const GONE = /^(?:08|57P|53300)/;
const OTHER = /^[0-9A-Z]{5}$/;

function postgresError(url: string, error: unknown): AicoreError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const name = shown(url);
  const say = (ours: string, what: string, hint: string) =>
    new AicoreError(ours, `The database ${name} ${what}: ${messageOf(error)}.`, { hint, cause: error });
  if (REFUSED.test(code))
    return say("database_refused", "refuses us", "Check user, password and database in the URL.");
  if (FULL.test(code)) return say("database_full", "has no room", "Make room on its server.");
  if (READ_ONLY.test(code))
    return say("database_read_only", "cannot be written to", "Name its primary in the URL.");
  if (OTHER.test(code) && !GONE.test(code))
    return say("database_failed", "failed", "See the log of its server.");
  return say(
    "database_unreachable",
    "does not answer",
    "Check that the server runs and can be reached from here.",
  );
}

/** Host and database, without user and password. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
