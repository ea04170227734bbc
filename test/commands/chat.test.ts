import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aicore } from "../cli/run.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

const ask = (world: { env: NodeJS.ProcessEnv }, args: string[], stdin = "") =>
  aicore(["chat", ...args], { env: world.env, stdin });

const modelCalls = ({ sandbox }: World) => sandbox.requests.filter(({ kind }) => kind === "inference");

describe("one question", () => {
  test("is answered in plain text on stdout, nothing else anywhere, and not kept", async () => {
    const world = await loggedInWorld();
    const ran = await ask(world, ['say "hello \u001b[31mthere"']);
    expect(ran).toEqual({ code: 0, signal: null, stdout: "hello \u001b[31mthere\n", stderr: "" });
    expect(readdirSync(world.home)).toEqual(["key.json", "state"]);
    // What it cost, and nothing of what was said.
    const kept = readdirSync(join(world.home, "state"));
    expect(kept.filter((name) => !/^(keys|usage)\.db|^usage-spool$/.test(name))).toEqual([]);
  });

  test.each<[name: string, args: string[], stdin: string, asked: string]>([
    ["words", ["why", "is", "that"], "", "why is that"],
    [
      "standard input below the prompt",
      ["summarise"],
      "line one\nline two\n",
      "summarise\n\nline one\nline two\n",
    ],
    ["standard input alone", [], "only this", "only this"],
    ["a dash for standard input", ["-"], "only this", "only this"],
  ])("takes %s", async (_name, args, stdin, asked) => {
    const world = await loggedInWorld();
    expect((await ask(world, args, stdin)).stdout.trimEnd()).toContain(`You said: ${asked.trimEnd()}`);
    const { messages } = JSON.parse(modelCalls(world).at(-1)?.body ?? "");
    expect(messages).toEqual([{ role: "user", content: [{ type: "text", text: asked }] }]);
  });

  test.each([
    [[], "anthropic--claude-4.8-opus"],
    [["-m", "haiku"], "anthropic--claude-4.5-haiku"],
    [["--model", "gpt-4.1"], "gpt-4.1"],
    [["-m", "gemini-2.5-pro"], "gemini-2.5-pro"],
    [["-m", "amazon--nova-lite"], "amazon--nova-lite"],
  ])("goes with %j to %s, as one document with --json", async (args, model) => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await ask(world, [...args, "--json", 'say "hi"']);
    expect(JSON.parse(stdout)).toMatchObject({
      model,
      text: "hi",
      stop_reason: "end_turn",
      usage: { input_tokens: expect.any(Number), cache_read_tokens: 0, output_tokens: expect.any(Number) },
      deployment: expect.stringMatching(/^d/),
      request_id: expect.stringMatching(/^req_/),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("the setting chat.model goes before the newest Claude", async () => {
    const world = await loggedInWorld();
    mkdirSync(`${world.home}/config`, { mode: 0o700 });
    writeFileSync(`${world.home}/config/config.json`, '{"chat":{"model":"sonnet"}}', { mode: 0o600 });
    expect(JSON.parse((await ask(world, ["--json", "hi"])).stdout).model).toBe(
      "anthropic--claude-4.6-sonnet",
    );
  });

  test("--system reaches the model", async () => {
    const world = await loggedInWorld();
    await ask(world, ["--system", "You are terse.", "hi"]);
    expect(modelCalls(world).at(-1)?.body).toContain("You are terse.");
  });

  test("-v tells on stderr what the model thinks; stdout stays the answer", async () => {
    const world = await loggedInWorld();
    const { stdout, stderr } = await ask(world, ["-v", 'say "hi"']);
    expect({ stdout, stderr }).toEqual({ stdout: "hi\n", stderr: "I say what I am told to.\n\n" });
    expect((await ask(world, ['say "hi"'])).stderr).toBe("");
  });

  test.each<[name: string, args: string[], stdin: string | undefined, code: number, says: RegExp]>([
    ["nothing to ask", [], "", 2, /^Error: There is nothing to ask.*\nGive a prompt: aicore chat/],
    ["input that is no text", ["what is this"], undefined, 2, /not text in UTF-8/],
    [
      "a model that is not there",
      ["-m", "sonet", "hi"],
      "",
      5,
      /'sonet' is not deployed.* Did you mean sonnet\?\n/,
    ],
    ["a model far from any", ["-m", "mystery-9", "hi"], "", 5, /is not deployed[\s\S]*aicore models list/],
    ["a model that cannot chat", ["-m", "amazon--titan-embed-text", "hi"], "", 5, /^Error: /],
  ])("%s is told", async (_name, args, stdin, code, says) => {
    const world = await loggedInWorld();
    const ran = await aicore(["chat", ...args], {
      env: world.env,
      stdin: stdin ?? (Buffer.from([0xff, 0xfe, 0x00]) as unknown as string),
    });
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
  });

  test("nobody logged in is exit 4", async () => {
    const world = await newWorld();
    expect(await ask(world, ["hi"])).toMatchObject({ code: 4, stdout: "" });
  });

  test("an answer that breaks off is an error, with what came before it", async () => {
    const world = await loggedInWorld();
    world.sandbox.faults.add({ afterEvents: 4, ending: "reset", times: 9 });
    const { code, stdout, stderr } = await ask(world, ['say "one two three four five six"']);
    expect(stdout).toMatch(/^one/);
    expect(stderr).toMatch(/^Error: /);
    expect(code).toBe(5);
  });

  test("a reader that goes away ends it without a word", async () => {
    const world = await loggedInWorld({ pace: 20 });
    const bin = new URL("../../bin/aicore.js", import.meta.url).pathname;
    const command = `"$0" "$1" chat "say \\"$2\\"" < /dev/null | head -c 5; echo "\${PIPESTATUS[0]}"`;
    const words = "word ".repeat(400);
    const shell = spawn("bash", ["-c", command, process.execPath, bin, words], {
      env: { PATH: process.env.PATH, ...world.env },
    });
    let stdout = "";
    let stderr = "";
    shell.stdout.on("data", (text) => {
      stdout += text;
    });
    shell.stderr.on("data", (text) => {
      stderr += text;
    });
    await new Promise((resolve) => shell.once("close", resolve));
    expect({ stdout, stderr }).toEqual({ stdout: "word 0\n", stderr: "" });
  });

  test("SIGINT stops it with 130", async () => {
    const world = await loggedInWorld({ pace: 50 });
    const child = world.start("chat --json say exactly a b c d e f g h i j k l m n o p q r s t");
    while (!world.sandbox.requests.some(({ kind }) => kind === "inference")) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill("SIGINT");
    const { code, stdout, stderr } = await child.result;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "interrupted" } });
  });
});
