/** What the documents show in `sh` blocks is run, line by line, by a user of a sandbox with stand-ins for the tools. */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { newWorld, type World } from "../commands/world.ts";
import { HEALTHY } from "../doctor/scene.ts";
import { blocksOf, DOCUMENTS } from "./markdown.ts";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));

const RUN = /^docs\/(tools\/.*|deployments|keys|troubleshooting|background|networks|usage)\.md$/;
const STAND_INS = ["claude", "codex", "opencode", "gemini", "qwen", "aider", "python", "npm", "systemctl"];
const MKCERT = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=local \\
  -addext subjectAltName=IP:127.0.0.1,DNS:localhost -keyout 127.0.0.1+1-key.pem -out 127.0.0.1+1.pem 2> log
chmod 600 127.0.0.1+1-key.pem`;

/** These go on until somebody ends them. */
const ENDLESS = /^aicore (serve|logs -f)/;
/** For another shell than the one that a block is run by. */
const ELSEWHERE = /powershell/;
/** They would ask, and here nobody answers. */
const ASKS = /^aicore deployments delete (?!.*--yes)/;

const BLOCKS = DOCUMENTS.filter((document) => RUN.test(document)).flatMap((document) =>
  blocksOf(document, "sh").map((text, at) => ({ document, block: at + 1, lines: linesOf(text) })),
);

test.skipIf(process.platform !== "linux").each(BLOCKS)(
  "$document, block $block",
  async ({ document, lines }) => {
    const world = await reader(document.endsWith("troubleshooting.md"));
    for (const line of lines) {
      const { code, output } = await shell(world, line);
      expect(code, `${line}\n${output}`).toBe(ASKS.test(line) ? 2 : 0);
      if (ENDLESS.test(line)) expect(output).not.toMatch(/^Error:/m);
    }
  },
  60_000,
);

test("a command that does not work is found", async () => {
  const { code } = await shell(await reader(false), "aicore deployments get d0000000");
  expect(code).not.toBe(0);
});

function linesOf(block: string): string[] {
  return block
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*/, "").trim())
    .filter((line) => line !== "" && !ELSEWHERE.test(line));
}

/** A user who is logged in, has the tools, and follows a document in a folder with two service keys. */
async function reader(isHealthy: boolean): Promise<World> {
  const world = await newWorld(isHealthy ? { deployments: HEALTHY } : {});
  const bin = temporaryFolder();
  const program = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const name of STAND_INS) program(name, "exit 0");
  program("mkcert", MKCERT);
  program("aicore", `exec "${process.execPath}" "${BIN}" "$@"`);
  const path = [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  Object.assign(world.env, { PATH: path, AICORE_PORT: "0" });
  mkdirSync(join(String(world.env.HOME), ".config/fish/completions"), { recursive: true });
  writeFileSync(join(world.home, "key2.json"), readFileSync(world.keyFile), { mode: 0o600 });
  await world.run(`login ${world.keyFile} --insecure-storage --no-verify`);
  onTestFinished(async () => void (await world.run("stop --all --now")));
  return world;
}

/** One line, as typed; what has no end is ended once it has said something. There is no keychain here. */
async function shell(world: World, line: string): Promise<{ code: number | null; output: string }> {
  const endless = ENDLESS.test(line);
  const typed = line.replace(/(aicore .*login .*)/, "$1 --insecure-storage");
  const child = spawn("bash", ["-c", endless ? `exec ${typed}` : typed], {
    cwd: world.home,
    env: world.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let isStopped = false;
  const hear = (text: Buffer) => {
    output += text;
    if (endless && !isStopped) isStopped = child.kill("SIGTERM");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once("close", (...ended) => resolve(ended)),
  );
  return { code: endless && signal === "SIGTERM" ? 0 : code, output };
}
