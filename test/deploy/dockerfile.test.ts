/** The image, as far as it can be looked at without Docker. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "../docs/command-lines.ts";
import { finalOf, stagesOf, wordsOf } from "./dockerfile.ts";
import { ROOT, textOf } from "./files.ts";

const DOCKERFILE = "deploy/Dockerfile";
const STAGES = stagesOf(DOCKERFILE);
const ALL = STAGES.flat();

/** What COPY takes from the repository. */
const COPIED = ALL.filter(({ name, rest }) => name === "COPY" && !rest.startsWith("--from="))
  .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
  .sort();

test("every line is an instruction that was understood", () => {
  expect(STAGES).toHaveLength(2);
  expect(ALL.filter(({ name }) => name === "")).toEqual([]);
});

test("what it copies is there, and nothing else is let into the build", () => {
  expect(COPIED.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const [first, ...rest] = textOf(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(first).toBe("*");
  const letIn = rest.map((line) => line.replace(/^!/, ""));
  expect(letIn.sort()).toEqual([...new Set(COPIED)]);
});

test("a stage takes from an earlier one what that one has", () => {
  const taken = ALL.filter(({ name, rest }) => name === "COPY" && rest.startsWith("--from=")).map(
    ({ rest }) => rest.split(/\s+/).slice(0, 2),
  );
  expect(taken).toEqual([
    ["--from=build", "/tracing"],
    ["--from=build", "/app/node_modules"],
    ["--from=build", "/app/dist"],
  ]);
  expect(STAGES[0]?.[0]?.rest).toMatch(/ AS build$/);
});

test("both stages are of the same Node, held at its major", () => {
  const images = STAGES.map(([from]) => from?.rest.split(" ", 1)[0]);
  expect(new Set(images).size).toBe(1);
  expect(images[0]).toMatch(/^node:24-\w+-slim$/);
});

test("it runs as a user who is not root, known by number", () => {
  expect(finalOf(DOCKERFILE, "USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  const last = STAGES.at(-1) ?? [];
  const from = last.findIndex(({ name }) => name === "USER");
  expect(last.slice(from).filter(({ name }) => name === "RUN" || name === "COPY")).toEqual([]);
});

test("no secret can get into a layer", () => {
  const given = ALL.filter(({ name }) => name === "ARG" || name === "ENV").map(({ rest }) => rest);
  expect(given.join(" ")).not.toMatch(/key|secret|token|password|url/i);
});

test("what it starts is a command of this program", async () => {
  const [node, bin, ...fixed] = wordsOf(finalOf(DOCKERFILE, "ENTRYPOINT"));
  expect([node, bin, fixed]).toEqual(["node", "/app/bin/aicore.js", []]);
  expect(finalOf(DOCKERFILE, "WORKDIR")).toBe("/app");
  expect(await parse(wordsOf(finalOf(DOCKERFILE, "CMD")))).toBe(1);
});

test("its scripts are those of package.json, and none of npm's own accord", () => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const runs = ALL.filter(({ name }) => name === "RUN").map(({ rest }) => rest);
  for (const [, script = ""] of runs.join("\n").matchAll(/npm run ([\w:-]+)/g))
    expect(Object.keys(scripts)).toContain(script);
  for (const run of runs.filter((run) => /npm (ci|install|prune)/.test(run)))
    expect(run).toContain("--ignore-scripts");
});
