import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Check, type Outcome, ok, summed, warn } from "../../src/doctor/check.ts";
import { nodeOutcome } from "../../src/doctor/checks/machine.ts";
import { skewOutcome } from "../../src/doctor/checks/network.ts";
import { examine } from "../../src/doctor/examine.ts";
import { SECTIONS } from "../../src/doctor/sections.ts";
import { CredentialsError } from "../../src/errors.ts";
import { newScene } from "./scene.ts";

const TABLE = SECTIONS.flatMap(({ checks }) => checks);

async function outcomesOf(checks: Check[]): Promise<Outcome[]> {
  const scene = await newScene();
  return await Promise.all(examine(checks, scene.facts()).map(({ outcome }) => outcome));
}

test("in the table each id stands once, behind all that it needs", () => {
  const ids = TABLE.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const early = TABLE.filter(({ needs = [] }, at) => needs.some((need) => !ids.slice(0, at).includes(need)));
  expect(early).toEqual([]);
});

test("docs/troubleshooting.md lists the checks, in their order", () => {
  const page = readFileSync(new URL("../../docs/troubleshooting.md", import.meta.url), "utf8");
  const [, table = ""] = page.split("\n## ");
  const listed = [...table.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, id]) => id);
  expect(listed).toEqual(TABLE.map(({ id }) => id));
});

test("on a healthy tenant every check is ok", async () => {
  const scene = await newScene();
  const outcomes = [...(await scene.examine())];
  expect(outcomes.filter(([, { status }]) => status !== "ok")).toEqual([]);
  expect(outcomes.map(([id]) => id)).toEqual(TABLE.map(({ id }) => id));
});

test("a check waits for those that it needs, and for no other", async () => {
  let secondRan: (() => void) | undefined;
  const second = new Promise<void>((resolve) => {
    secondRan = resolve;
  });
  const outcomes = await outcomesOf([
    { id: "a", title: "A", run: () => second.then(() => ok("a")) },
    {
      id: "b",
      title: "B",
      run: () => {
        secondRan?.();
        return ok("b");
      },
    },
  ]);
  expect(outcomes).toEqual([ok("a"), ok("b")]);
});

test("what needs a failed check is not run and says which one, also along a chain; a warning stops nothing", async () => {
  const ran: string[] = [];
  const run = (id: string, outcome: Outcome) => () => {
    ran.push(id);
    return outcome;
  };
  const outcomes = await outcomesOf([
    { id: "warned", title: "Warned", run: run("warned", warn("w", "f")) },
    { id: "free", title: "Free", needs: ["warned"], run: run("free", ok("")) },
    {
      id: "broken",
      title: "Broken",
      run: () => {
        throw new CredentialsError("no_credentials", "None.", { hint: "Log in." });
      },
    },
    { id: "next", title: "Next", needs: ["warned", "broken"], run: run("next", ok("")) },
    { id: "last", title: "Last", needs: ["next"], run: run("last", ok("")) },
  ]);
  const skipped = { status: "skip", message: 'Not checked: "Broken" has to be mended first.' };
  expect(outcomes.slice(2)).toEqual([{ status: "fail", message: "None.", fix: "Log in." }, skipped, skipped]);
  expect(ran).toEqual(["warned", "free"]);
});

test("a check that breaks is a failure and says that it is its own", async () => {
  const [outcome] = await outcomesOf([
    { id: "a", title: "A", run: () => Promise.reject(new TypeError("x is undefined")) },
  ]);
  expect(outcome).toMatchObject({ status: "fail", message: "The check itself failed: x is undefined" });
});

test("findings are summed up: the worst verdict, each sentence once", () => {
  const findings = [
    warn("one.", "Do."),
    { status: "fail", message: "two.", fix: "Do." } as const,
    warn("one.", "Go."),
  ];
  expect(summed(findings, ok("fine"))).toEqual({ status: "fail", message: "one. two.", fix: "Do. Go." });
  expect(summed([], ok("fine"))).toEqual(ok("fine"));
});

test.each([
  ["20.18.0", "fail"],
  ["19.9.0", "fail"],
  ["20.18.1", "ok"],
  ["22.0.0", "ok"],
])("Node %s: %s", (version, status) => {
  expect(nodeOutcome(version).status).toBe(status);
});

test.each([
  [0, "ok"],
  [60_000, "ok"],
  [-60_001, "warn"],
  [300_000, "warn"],
  [-300_001, "fail"],
])("a clock that is %i ms ahead: %s", (ahead, status) => {
  expect(skewOutcome(ahead).status).toBe(status);
});
