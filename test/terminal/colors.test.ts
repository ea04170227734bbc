import { expect, test } from "vitest";
import { wantsColor } from "../../src/terminal/colors.ts";

test.each<[string, boolean, NodeJS.ProcessEnv, boolean, boolean]>([
  ["a terminal", true, {}, true, true],
  ["a pipe", false, {}, true, false],
  ["--no-color", true, { FORCE_COLOR: "1" }, false, false],
  ["NO_COLOR", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  ["an empty NO_COLOR", true, { NO_COLOR: "" }, true, true],
  ["FORCE_COLOR on a pipe", false, { FORCE_COLOR: "1" }, true, true],
  ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, true, false],
  ["CLICOLOR_FORCE on a pipe", false, { CLICOLOR_FORCE: "1" }, true, true],
  ["CI", true, { CI: "true" }, true, false],
  ["TERM=dumb", true, { TERM: "dumb" }, true, false],
])("%s", (_name, isTTY, env, flag, colored) => {
  expect(wantsColor({ isTTY }, env, flag)).toBe(colored);
});
