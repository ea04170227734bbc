/**
 * Real programs, started by themselves after `aicore configure`: nothing in their environment, all in their settings.
 * Afterwards `aicore unconfigure` gives back the files as they were.
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { binaryOf } from "./claude-code.ts";
import { AICORE, ended, environment, nonce, PACKAGES, run, temporaryFolder, whileServing } from "./visit.ts";

interface Program {
  tool: string;
  command: string;
  args: string[];
  /** The user's own settings, by path below the home folder. */
  settings: Record<string, string>;
  env?: Record<string, string>;
}

const PROMPT = "Run `cat nonce.txt` and tell me what it prints.";
const bin = (name: string) => join(PACKAGES, ".bin", name);

const PROGRAMS: Program[] = [
  {
    tool: "claude",
    command: join(
      PACKAGES,
      `claude-code-latest/node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`,
    ),
    args: ["-p", PROMPT],
    settings: { ".claude/settings.json": '{\n    "permissions": { "allow": ["Bash(cat *)"] }\n}' },
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
  },
  {
    tool: "codex",
    command: bin("codex"),
    args: ["exec", "--skip-git-repo-check", PROMPT],
    settings: {
      ".codex/config.toml":
        'model = "o3" # mine\napproval_policy = "never"\nsandbox_mode = "danger-full-access"\n\n[tui]\nnotifications = false',
    },
  },
  {
    tool: "opencode",
    command: bin("opencode"),
    args: ["run", PROMPT],
    // opencode itself adds the schema where it is missing.
    settings: {
      ".config/opencode/opencode.jsonc":
        '{\n\t// all of it\n\t"$schema": "https://opencode.ai/config.json",\n\t"permission": "allow",\n}\n',
    },
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
    },
  },
  {
    tool: "gemini",
    command: bin("gemini"),
    args: ["-p", PROMPT, "--skip-trust", "--yolo"],
    settings: {
      ".gemini/settings.json": '{"privacy":{"usageStatisticsEnabled":false}}',
      ".gemini/.env": "# mine\r\nNO_BROWSER=1\r\n",
      // Gemini CLI 0.61 asks for the newest Flash that Google offers, whatever Flash it is told (2026-11-21).
      "aicore/config/config.json": '{"version":1,"aliases":{"gemini-3.8-flash":"gemini-3.5-flash"}}',
    },
  },
  {
    tool: "qwen",
    command: bin("node"),
    args: [join(PACKAGES, "@qwen-code/qwen-code/cli-entry.js"), "-p", PROMPT, "--yolo"],
    // Without a terminal it stops reading when the command exits, and may miss all it printed (0.24.4, 2026-11-21).
    // Qwen Code itself writes a file of an older version anew.
    settings: {
      ".qwen/settings.json": `${JSON.stringify({ tools: { shell: { enableInteractiveShell: true } }, $version: 4 }, null, 2)}\n`,
    },
  },
];

test.each(PROGRAMS)("$tool runs a command on the tenant's models", async (program) => {
  const sandbox = await startSandbox();
  const [home, folder, secret] = [temporaryFolder(), temporaryFolder(), nonce()];
  writeFileSync(join(folder, "nonce.txt"), secret);
  for (const [path, text] of Object.entries(program.settings)) {
    mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, path), text, { mode: 0o600 });
  }
  const env = environment(sandbox, home);
  const aicore = (...args: string[]) => ended(run(process.execPath, [AICORE, ...args], env, folder));
  await whileServing(env, folder, async ({ port }) => {
    const configured = await aicore("configure", program.tool, "--port", String(port));
    expect(configured, configured.output).toMatchObject({ exitCode: 0 });
    const own = { PATH: env.PATH ?? "", HOME: home, TMPDIR: home, ...program.env };
    const done = await ended(run(program.command, program.args, own, folder));
    expect(done.output, done.output).toContain(secret);
    expect(done).toMatchObject({ exitCode: 0 });
  });
  expect(sandbox.refused.map(({ refusal }) => refusal)).toEqual([]);
  const undone = await aicore("unconfigure", program.tool);
  expect(undone, undone.output).toMatchObject({ exitCode: 0 });
  for (const [path, text] of Object.entries(program.settings)) {
    expect(readFileSync(join(home, path), "utf8"), path).toBe(text);
  }
  await sandbox.close();
});

test("aicore claude after aicore configure claude goes through its own proxy", async () => {
  const sandbox = await startSandbox();
  const [home, folder, secret] = [temporaryFolder(), temporaryFolder(), nonce()];
  writeFileSync(join(folder, "nonce.txt"), secret);
  const bin = join(home, "bin");
  mkdirSync(bin);
  symlinkSync(binaryOf("claude-code-latest"), join(bin, "claude"));
  const base = environment(sandbox, home);
  const env = { ...base, PATH: `${bin}:${base.PATH}`, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" };
  const aicore = (...args: string[]) => ended(run(process.execPath, [AICORE, ...args], env, folder));
  // Nothing listens on port 9: an answer took the way of the launcher.
  const configured = await aicore("configure", "claude", "--port", "9");
  expect(configured, configured.output).toMatchObject({ exitCode: 0 });
  const done = await aicore("claude", "-p", PROMPT, "--allowedTools", "Bash(cat *)");
  expect(done.output, done.output).toContain(secret);
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.output).not.toContain("overrides aicore");
  await sandbox.close();
});
