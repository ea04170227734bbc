/** Bad input to the command line, one row a case, each run by the real program. */
import { describe, expect, test } from "vitest";
import { aicore, type Ran, type RunOptions } from "../cli/run.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

export interface SecurityCase {
  /** Of the list of cases: "C1". */
  id: string;
  name: string;
  /** Words are cut at spaces; `KEY` is the path of the world's service key, `HOME` its folder. */
  args: string;
  /** Changes the world before the run. */
  prepare?: (world: World) => unknown;
  /** Further variables; a function where they depend on the world. */
  env?: NodeJS.ProcessEnv | ((world: World) => NodeJS.ProcessEnv);
  options?: RunOptions;
  /** The credentials of a working tenant stand in the environment. */
  loggedIn?: boolean;
  code: number;
  /** On stderr. */
  says?: RegExp;
  /** On stdout; nothing may stand there when it is not given. */
  prints?: RegExp;
  /** What must be true afterwards. */
  check?: (world: World, ran: Ran) => unknown;
  /** This machine or this user cannot show it. */
  skip?: boolean;
}

/** Words that no output may ever hold. */
export const CANARY = "c4n4ry-s3cr3t";

/**
 * Runs the rows, and makes sure that each number of `prefix` up to `last` has one.
 * @param apart numbers whose rows need a terminal or a shell and stand in tests of their own.
 */
export function checkSecurityCases(
  prefix: string,
  last: number,
  cases: SecurityCase[],
  apart: string[] = [],
): void {
  describe(`${prefix}1–${prefix}${last}`, () => {
    for (const each of cases) {
      test.skipIf(each.skip)(`${each.id} ${each.name}`, () => check(each));
    }
    test("every number has a row", () => {
      const numbers = Array.from({ length: last }, (_, at) => `${prefix}${at + 1}`);
      const rows = [...cases.map(({ id }) => id), ...apart];
      expect(numbers.filter((id) => !rows.includes(id))).toEqual([]);
    });
  });
}

async function check(each: SecurityCase): Promise<void> {
  const world = await (each.loggedIn ? loggedInWorld() : newWorld());
  await each.prepare?.(world);
  const env = typeof each.env === "function" ? each.env(world) : each.env;
  const words = each.args
    .split(" ")
    .map((word) => word.replace("KEY", world.keyFile).replace("HOME", world.home));
  const ran = await aicore(words.filter(Boolean), { ...each.options, env: { ...world.env, ...env } });
  expect(ran.stderr).toMatch(each.says ?? /^$/);
  expect(ran.stdout).toMatch(each.prints ?? /^$/);
  expect(ran.code).toBe(each.code);
  expect(ran.stdout + ran.stderr).not.toContain(CANARY);
  if (each.code !== 0) expect(ran.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  await each.check?.(world, ran);
}
