import { expect, test } from "vitest";
import { databaseFor } from "../../src/config/database.ts";

const PATHS = { config: "/c", state: "/s", cache: "/x" };
const FILES = { keys: { file: "/s/keys.db" }, requests: { file: "/s/usage.db" } };
const OURS = "postgres://u:p@a/ours";
const SHARED = "postgresql://u:p@b/shared";
const both = (url: string) => ({ keys: { url }, requests: { url } });

test.each<[string, Record<string, string>, { launcher?: boolean }, object]>([
  ["nothing set", {}, {}, FILES],
  ["set to nothing", { AICORE_DATABASE_URL: "", DATABASE_URL: "" }, {}, FILES],
  ["our variable", { AICORE_DATABASE_URL: OURS, DATABASE_URL: SHARED }, {}, both(OURS)],
  ["our variable, for a tool", { AICORE_DATABASE_URL: OURS }, { launcher: true }, both(OURS)],
  ["the platform's variable", { DATABASE_URL: SHARED }, {}, both(SHARED)],
  ["that of a project, for a tool", { DATABASE_URL: SHARED }, { launcher: true }, FILES],
  ["another kind of database", { DATABASE_URL: "mysql://u:p@c/d" }, {}, FILES],
  [
    "a socket",
    { AICORE_DATABASE_URL: "postgres:///db?host=/run/pg" },
    {},
    both("postgres:///db?host=/run/pg"),
  ],
])("%s", (_what, env, options, expected) => {
  expect(databaseFor(PATHS, env, options)).toEqual(expected);
});

test.each(["mysql://u:secret@c/d", "postgres", "postgres://u:secret@host:port/db", "secret"])(
  "AICORE_DATABASE_URL=%s is refused without being shown",
  (url) => {
    const open = () => databaseFor(PATHS, { AICORE_DATABASE_URL: url });
    expect(open).toThrow("AICORE_DATABASE_URL is not the URL of a Postgres database.");
    expect(open).not.toThrow("secret");
  },
);
