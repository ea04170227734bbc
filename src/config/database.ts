import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import type { Paths } from "./paths.ts";

/** Where a database is: a SQLite file, or a Postgres server (`postgres://…`). */
export type Where = { file: string } | { url: string };

/**
 * Where keys and usage are kept: in one Postgres where a variable names it, else in two files of the state folder, so
 * that a broken file of statistics takes no key along. A tool's launcher does not heed `DATABASE_URL`: the shell of a
 * developer often has that of the project they work on.
 * @throws ConfigError for an `AICORE_DATABASE_URL` that is not Postgres's; its value is not shown, it holds a password.
 */
export function databaseFor(
  paths: Paths,
  env: NodeJS.ProcessEnv,
  options: { launcher?: boolean } = {},
): { keys: Where; requests: Where } {
  const url = ownUrl(env) ?? (options.launcher ? undefined : sharedUrl(env));
  if (url !== undefined) return { keys: { url }, requests: { url } };
  return { keys: { file: join(paths.state, "keys.db") }, requests: { file: join(paths.state, "usage.db") } };
}

function ownUrl(env: NodeJS.ProcessEnv): string | undefined {
  const url = env.AICORE_DATABASE_URL;
  if (!url) return undefined;
  if (isPostgres(url)) return url;
  throw new ConfigError(
    "database_url_invalid",
    "AICORE_DATABASE_URL is not the URL of a Postgres database.",
    {
      hint: "It has the form postgres://user:password@host:5432/database; unset it to keep keys and usage in files.",
    },
  );
}

/** Platforms set `DATABASE_URL` for whatever database a program has; only Postgres is meant for us. */
function sharedUrl(env: NodeJS.ProcessEnv): string | undefined {
  return env.DATABASE_URL && isPostgres(env.DATABASE_URL) ? env.DATABASE_URL : undefined;
}

function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url);
}
