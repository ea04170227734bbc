/** What the page on the admin API shows is run against a proxy, line by line, and what the page on metrics lists is there. */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ask } from "../support/questions.ts";
import { startTeam, type Team } from "../support/team.ts";
import { blocksOf, spansOf } from "./markdown.ts";

/** It goes on until somebody ends it. */
const ENDLESS = /\/admin\/events/;

let team: Team;
beforeAll(async () => {
  team = await startTeam();
  await team.post("/v1/messages", ask("Hello"));
});
afterAll(() => team.close());

const LINES = blocksOf("docs/admin-api.md", "sh").flatMap((block) =>
  block
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line !== ""),
);

test("in the order of the page, every line does what it says", async () => {
  expect(LINES.length).toBeGreaterThan(5);
  for (const line of LINES) {
    const { code, output } = await shell(line);
    expect([line, code, output.slice(0, 500)]).toEqual([
      line,
      0,
      expect.stringMatching(/^(\{|event: stats)/),
    ]);
  }
});

test("every metric of the page is measured, and the other way round", async () => {
  const text = await (await team.get("/metrics")).text();
  const measured = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
  const ours = (names: string[]) =>
    [...new Set(names.filter((name) => /^(gen_ai|aicore)_\w+$/.test(name)))].sort();
  const listed = spansOf("docs/metrics.md").filter(
    (span) => !/^gen_ai_(operation|provider|request|token)_|_$/.test(span),
  );
  expect(ours(listed)).toEqual(ours(measured));
});

function shell(line: string): Promise<{ code: number | null; output: string }> {
  const env = { PATH: process.env.PATH, URL: team.proxy.url, ADMIN_KEY: team.admin };
  const child = spawn("bash", ["-c", ENDLESS.test(line) ? `exec ${line}` : line], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let isEnough = false;
  child.stdout.on("data", (text: Buffer) => {
    output += text;
    if (ENDLESS.test(line)) isEnough = child.kill("SIGTERM");
  });
  child.stderr.on("data", (text: Buffer) => {
    output += text;
  });
  return new Promise((resolve) =>
    child.once("close", (code) => resolve({ code: isEnough ? 0 : code, output })),
  );
}
