import { describe, expect, test } from "vitest";
import { aicore } from "./run.ts";

interface Case {
  args: string;
  code: number;
  says: RegExp;
}

describe("the command line is checked before anything else", () => {
  const cases: Case[] = [
    { args: "statsu", code: 2, says: /^Error: Unknown command 'statsu'\nDid you mean status\?\n$/ },
    { args: "deployments lst", code: 2, says: /Unknown command 'lst'\nDid you mean list\?/ },
    { args: "login --stoarge file", code: 2, says: /Unknown option '--stoarge'\nDid you mean --storage\?/ },
    { args: "status --jsn", code: 2, says: /Unknown option '--jsn'\nDid you mean --json\?/ },
    { args: "status extra", code: 2, says: /Too many arguments for 'status'/ },
    { args: "serve --port", code: 2, says: /'--port <number>' argument missing/ },
    {
      args: "serve --port abc",
      code: 2,
      says: /^Error: --port: expected a whole number from 0 to 65535, got "abc"\./,
    },
    { args: "serve --port 70000", code: 2, says: /--port: expected a whole number from 0 to 65535/ },
    { args: "serve --port 1e3", code: 2, says: /--port: expected a whole number/ },
    { args: "serve --port=", code: 2, says: /--port: expected a whole number/ },
    { args: "serve --drain -1", code: 2, says: /--drain: expected a whole number/ },
    {
      args: "serve --host 0.0.0.0",
      code: 2,
      says: /^Error: Refusing to listen on 0\.0\.0\.0 without API keys\./,
    },
    { args: "serve --host :: --no-auth", code: 2, says: /--no-auth/ },
    {
      args: "login --storage pocket",
      code: 2,
      says: /argument 'pocket' is invalid.*Allowed choices are keychain, file/,
    },
    { args: "login --storage file --insecure-storage", code: 2, says: /cannot be used with option/ },
    {
      args: "login --client-secret abc",
      code: 2,
      says: /^Error: Secrets are not accepted on the command line/,
    },
    { args: "login --client-secret=s3cr3t", code: 2, says: /^Error: Secrets are not accepted/ },
    { args: "--profile ../x status", code: 2, says: /profile/i },
    { args: `--profile ${"p".repeat(300)} status`, code: 2, says: /profile/i },
    { args: "--profile= status", code: 2, says: /profile/i },
    { args: "--quiet statsu", code: 2, says: /Did you mean status\?/ },
    { args: "--quiet --profile serve status --jsn", code: 2, says: /Unknown option '--jsn'/ },
    { args: "login", code: 2, says: /^Error: No terminal: pipe the key: aicore login - < key\.json/ },
    { args: "env nosuchtool", code: 2, says: /no tool named "nosuchtool"/ },
  ];
  test.each(cases)("aicore $args", async ({ args, code, says }) => {
    const ran = await aicore(args.split(" "));
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
  });

  test("an option's value is never repeated in the message", async () => {
    const { stderr } = await aicore(["login", "--bogus=s3cr3t"]);
    expect(stderr).toContain("Unknown option '--bogus'");
    expect(stderr).not.toContain("s3cr3t");
  });

  test.each([["--json status --bogus"], ["status --bogus --json"], ["--json nosuch"]])(
    "aicore %s tells its error as one JSON document",
    async (args) => {
      const { code, stderr, stdout } = await aicore(args.split(" "));
      expect(JSON.parse(stderr)).toEqual({
        error: { code: "usage", message: expect.stringMatching(/^Unknown/), hint: expect.any(String) },
      });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    },
  );
});

describe("help and version", () => {
  test.each([["--version"], ["status --version"], ["--json --version"]])("aicore %s", async (args) => {
    const { code, stdout } = await aicore(args.split(" "));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([
    ["", /Usage: aicore/],
    ["--help", /Usage: aicore/],
    ["help serve", /Usage: aicore serve/],
    ["serve --help", /--drain <seconds>[\s\S]*Global options:[\s\S]*--json[\s\S]*Examples:/],
    ["deployments --help", /Usage: aicore deployments/],
    ["help claude", /Usage: aicore claude/],
  ])("aicore %s", async (args, says) => {
    const { code, stdout, stderr } = await aicore(args.split(" ").filter(Boolean));
    expect(stdout).toMatch(says);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

test("a reader that goes away is no error", async () => {
  const { spawnSync } = await import("node:child_process");
  const bin = new URL("../../bin/aicore.js", import.meta.url).pathname;
  const { stderr, stdout } = spawnSync("bash", [
    "-c",
    `"$0" "$1" --help | true; echo "\${PIPESTATUS[0]}"`,
    process.execPath,
    bin,
  ]);
  expect({ stderr: String(stderr), stdout: String(stdout) }).toEqual({ stderr: "", stdout: "0\n" });
});

describe("no place for files", () => {
  test("without HOME the missing variable is named", async () => {
    const { code, stderr } = await aicore(["status"], {
      env: { HOME: undefined, AICORE_CLI_HOME: undefined },
    });
    expect(stderr).toMatch(/^Error: HOME is not set/);
    expect(code).toBe(3);
  });

  test("a folder that cannot be written is named", async () => {
    const key =
      '{"clientid":"a","clientsecret":"b","url":"http://127.0.0.1:1","serviceurls":{"AI_API_URL":"http://127.0.0.1:1"}}';
    const args = ["login", "-", "--no-verify", "--insecure-storage"];
    const { code, stderr } = await aicore(args, {
      stdin: key,
      env: { AICORE_CLI_HOME: "/dev/null/nowhere" },
    });
    expect(stderr).toMatch(/^Error: .*\/dev\/null\/nowhere\/config/m);
    expect(code).toBe(3);
  });
});

test.each([["help", "keychain"], ["keychain"]])(
  "aicore %s %s tells what to do without a keychain",
  async (...args) => {
    const { code, stdout } = await aicore(args.filter((arg) => typeof arg === "string"));
    expect(code).toBe(0);
    expect(stdout).toContain("aicore login --storage file");
  },
);
