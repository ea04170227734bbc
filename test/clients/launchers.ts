/** The real tools as a user starts them: `aicore <tool>`, nothing configured, or with what users typically have configured. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { AGENTS } from "./agents.ts";
import { binaryOf, outcome as claudeOutcome } from "./claude-code.ts";
import { AICORE, ended, environment, PACKAGES, run, temporaryFolder } from "./visit.ts";

export interface Tool {
  /** What a user types behind `aicore <tool>` to have a task done without a terminal. */
  args(task: string): string[];
  /** The tool's last words, from all that it printed. */
  answer(output: string): string;
  /** A typical configuration of a user who has the tool work elsewhere, by path below the home folder. */
  configuration: Record<string, string>;
  /** The models that it should ask for, of those that a sandbox has by default. */
  models: string[];
}

export const TOOLS: Record<string, Tool> = {
  claude: {
    args: (task) => ["-p", task, "--output-format", "stream-json", "--verbose"],
    answer: (output) => claudeOutcome({ exitCode: 0, output }).result,
    configuration: {
      ".claude/settings.json": '{\n  "model": "sonnet",\n  "includeCoAuthoredBy": false\n}\n',
    },
    models: ["anthropic--claude-4.8-opus", "anthropic--claude-4.6-sonnet", "anthropic--claude-4.5-haiku"],
  },
  codex: {
    args: (task) => ["exec", "--json", "--skip-git-repo-check", "-s", "danger-full-access", task],
    answer: AGENTS.Codex.answer,
    configuration: {
      ".codex/config.toml": [
        "# mine",
        'model = "o3"',
        'model_provider = "work"',
        'model_reasoning_effort = "high"',
        "",
        "[model_providers.work]",
        'name = "Work"',
        'base_url = "http://127.0.0.1:9/v1"',
        'env_key = "WORK_KEY"',
        "",
      ].join("\n"),
    },
    models: ["gpt-5.5"],
  },
  opencode: {
    args: (task) => ["run", "--format", "json", task],
    answer: AGENTS["opencode (chat)"].answer,
    configuration: {
      ".config/opencode/opencode.json": `{
  "$schema": "https://opencode.ai/config.json",
  // mine
  "model": "ollama/llama3",
  "provider": {
    "ollama": {
      "npm": "@ai-sdk/openai-compatible",
      "options": { "baseURL": "http://127.0.0.1:9/v1" },
      "models": { "llama3": {} }
    }
  }
}
`,
    },
    models: ["anthropic--claude-4.8-opus", "anthropic--claude-4.5-haiku"],
  },
  gemini: {
    args: (task) => ["-p", task, "--skip-trust", "--yolo", "--output-format", "json"],
    answer: AGENTS["Gemini CLI"].answer,
    configuration: {
      ".gemini/settings.json":
        '{\n  "security": { "auth": { "selectedType": "gemini-api-key" } },\n  "model": { "name": "gemini-3-pro-preview" }\n}\n',
    },
    models: ["gemini-2.5-pro"],
  },
  qwen: {
    args: (task) => ["-p", task, "--yolo", "--output-format", "json"],
    answer: AGENTS["Qwen Code (chat)"].answer,
    // Without a version it writes one into the file by itself.
    configuration: {
      ".qwen/settings.json":
        '{\n  "$version": 4,\n  "security": { "auth": { "selectedType": "qwen-oauth" } },\n  "model": { "name": "qwen3-coder-plus" }\n}\n',
    },
    models: ["gpt-5.5"],
  },
};

export interface Visit {
  sandbox: Sandbox;
  tool: string;
  task: string;
  /** Files in the working folder. */
  files: Record<string, string>;
  /** Files below the home folder. */
  configuration?: Record<string, string>;
  /** Arguments in front of the task's. */
  args?: string[];
}

export interface Outcome {
  exitCode: number | null;
  answer: string;
  output: string;
  /** What the configuration files hold in the end. */
  configuration: Record<string, string>;
}

/** `aicore <tool>` once, in a home and a folder of its own. */
export async function visit({
  sandbox,
  tool,
  task,
  files,
  configuration = {},
  args = [],
}: Visit): Promise<Outcome> {
  const [home, folder] = [temporaryFolder(), temporaryFolder()];
  writeFiles(folder, files);
  writeFiles(home, configuration);
  const { args: argsFor, answer } = TOOLS[tool] ?? {};
  if (!argsFor || !answer) throw new Error(`There is no tool named ${tool}.`);
  const base = environment(sandbox, home);
  const env = {
    ...base,
    PATH: `${programs(home)}:${base.PATH}`,
    IS_SANDBOX: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
  const { exitCode, output } = await ended(
    run(process.execPath, [AICORE, tool, ...args, ...argsFor(task)], env, folder),
  );
  const after = Object.keys(configuration).map((path) => [path, readFileSync(join(home, path), "utf8")]);
  return { exitCode, output, answer: answer(output), configuration: Object.fromEntries(after) };
}

/** The tools under the names that a user has on PATH. Qwen Code needs a newer Node than aicore is tested on. */
function programs(home: string): string {
  const bin = join(home, "bin");
  mkdirSync(bin);
  for (const name of ["codex", "opencode", "gemini"])
    symlinkSync(join(PACKAGES, ".bin", name), join(bin, name));
  symlinkSync(binaryOf("claude-code-latest"), join(bin, "claude"));
  const qwen = `exec ${join(PACKAGES, ".bin/node")} ${join(PACKAGES, "@qwen-code/qwen-code/cli-entry.js")} "$@"`;
  writeFileSync(join(bin, "qwen"), `#!/bin/sh\n${qwen}\n`);
  chmodSync(join(bin, "qwen"), 0o755);
  return bin;
}

function writeFiles(root: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
