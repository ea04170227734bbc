import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Candidate, complete, FILES } from "../../src/commands/completion-words.ts";
import type { CommandRow } from "../../src/commands/types.ts";
import { aicore, firstLine } from "../cli/run.ts";
import { loggedInWorld, newWorld } from "./world.ts";

const COMMANDS: CommandRow[] = [
  { name: "claude", summary: "run it", passThrough: true },
  {
    name: "deployments",
    alias: "deployment",
    summary: "what is there",
    verbs: [
      {
        name: "list",
        summary: "list them",
        options: [{ flags: "-o, --output <format>", summary: "how", choices: ["table", "json"] }],
      },
      { name: "get", summary: "show one", arguments: [["<id>", "which"]] },
    ],
  },
  {
    name: "profiles",
    summary: "logins",
    verbs: [{ name: "use", summary: "take it", arguments: [["<name>", ""]] }],
  },
  { name: "login", summary: "log in", arguments: [["[file]", "the key"]] },
  { name: "chat", summary: "talk", options: [{ flags: "-m, --model <model>", summary: "which" }] },
  { name: "topic", summary: "to read", topic: true },
  { name: "__complete", summary: "for scripts", hidden: true },
];
const OPTIONS = [
  { flags: "--profile <name>", summary: "whose" },
  { flags: "--json", summary: "as JSON" },
];

const values = async (kind: string): Promise<Candidate[] | typeof FILES> =>
  kind === "file" ? FILES : [{ value: `${kind}-1` }, { value: `${kind}-2` }];

async function offered(words: string[]): Promise<string[] | typeof FILES> {
  const found = await complete(words, { commands: COMMANDS, options: OPTIONS }, values);
  return found === FILES ? FILES : found.map(({ value }) => value);
}

describe("the words before the cursor decide what may follow", () => {
  test.each<[words: string[], offers: string[] | typeof FILES]>([
    [[""], ["claude", "deployments", "profiles", "login", "chat"]],
    [["dep"], ["deployments"]],
    [["nothing"], []],
    [
      ["deployments", ""],
      ["list", "get"],
    ],
    [["deployment", "l"], ["list"]],
    [
      ["deployments", "-"],
      ["-o", "--output", "--profile", "--json", "--help"],
    ],
    [["deployments", "list", "--ou"], ["--output"]],
    [
      ["deployments", "list", "--output", ""],
      ["table", "json"],
    ],
    [["deployments", "list", "-o", "j"], ["json"]],
    [["deployments", "list", "--output=t"], ["--output=table"]],
    [["deployments", "list", "--output", "=", "t"], ["table"]],
    [
      ["deployments", "list", "--output", "="],
      ["table", "json"],
    ],
    [["deployments", "list", "-o", "json", "--js"], ["--json"]],
    [
      ["deployments", "get", ""],
      ["id-1", "id-2"],
    ],
    [["deployments", "get", "x", ""], []],
    [
      ["--profile", ""],
      ["profile-1", "profile-2"],
    ],
    [["--profile", "profile-1", "dep"], ["deployments"]],
    [["--json", "chat", "-m", "model-2"], ["model-2"]],
    [
      ["profiles", "use", ""],
      ["profile-1", "profile-2"],
    ],
    [["login", ""], FILES],
    [["claude", ""], FILES],
    [["claude", "--output", "-"], FILES],
    [["help", "to"], ["topic"]],
    [["help", "__"], []],
    [["nonsense", ""], []],
  ])("%j", async (words, offers) => {
    expect(await offered(words)).toEqual(offers);
  });
});

describe("aicore __complete", () => {
  const ask = async (env: NodeJS.ProcessEnv, ...words: string[]) =>
    (await aicore(["__complete", "--", ...words], { env })).stdout;

  test("knows the real commands, with their meaning behind a tab", async () => {
    const world = await newWorld();
    expect(await ask(world.env, "sta")).toMatch(/^status\tshow who is logged in.*\nstart\t/);
    expect(await ask(world.env, "env", '""')).toContain("claude\tClaude Code\n");
    expect(await ask(world.env, "login", "")).toBe(":files\n");
    expect(await ask(world.env, "config", "get", "chat.")).toMatch(/^(chat\.model\n)?$/);
  });

  test("knows profiles, and the models of a proxy that runs", async () => {
    const world = await loggedInWorld();
    await world.run(`--profile work login ${world.keyFile} --insecure-storage --no-verify`);
    expect(await ask(world.env, "--profile", "")).toBe(`work\t${world.sandbox.url}\n`);
    expect(await ask(world.env, "chat", "-m", "")).toBe("");
    await firstLine(world.start("serve --port 0 --json"));
    expect(await ask(world.env, "chat", "-m", "anthropic--claude-4.8")).toBe(
      "anthropic--claude-4.8-opus\tClaude Opus 4.8\n",
    );
  });

  test("is silent about broken settings", async () => {
    const world = await newWorld();
    mkdirSync(`${world.home}/config`, { mode: 0o700 });
    writeFileSync(`${world.home}/config/config.json`, "{", { mode: 0o600 });
    const ran = await aicore(["__complete", "--", "--profile", ""], { env: world.env });
    expect(ran).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  test("is in no list", async () => {
    expect((await aicore(["--help"])).stdout).not.toContain("__complete");
  });
});

describe("aicore completion", () => {
  test.each(["bash", "zsh", "fish", "powershell", "pwsh"])("%s is small and asks back", async (shell) => {
    const { code, stdout, stderr } = await aicore(["completion", shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("__complete");
    expect(stdout.split("\n").length).toBeLessThan(25);
  });

  test("without a name it is for the user's shell", async () => {
    const { stdout } = await aicore(["completion"], { env: { SHELL: "/usr/bin/fish" } });
    expect(stdout).toContain("function __aicore_complete");
  });

  test("another name is refused with what was meant", async () => {
    const { code, stderr } = await aicore(["completion", "fihs"]);
    expect(stderr).toBe('Error: There is no completion for "fihs".\nDid you mean fish?\n');
    expect(code).toBe(2);
  });
});
