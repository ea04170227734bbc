/** The other coding agents, each as its documentation tells a user to point it at a gateway of their own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Sandbox } from "../../src/sandbox/index.ts";
import {
  type Door,
  ended,
  environment,
  PACKAGES,
  run,
  temporaryFolder,
  type Variables,
  whileServing,
} from "./visit.ts";

export interface Agent {
  /** What a user types, without the program's own name where that is `command`. */
  start(task: Task): Start;
  /** The agent's last words, from all that it printed in its machine-readable format. */
  answer(output: string): string;
  /** Models that it asks for whatever its user chose, and what they should lead to: the user's own aliases. */
  aliases?: Record<string, string>;
}

interface Task extends Door {
  model: string;
  prompt: string;
}

interface Start {
  command: string;
  args: string[];
  env?: Variables;
  /** Configuration, by path below the home folder. */
  home?: Record<string, string>;
  /** Configuration, by path below the working folder. */
  project?: Record<string, string>;
}

export interface Visit {
  sandbox: Sandbox;
  agent: Agent;
  model: string;
  prompt: string;
  /** Files in the working folder. */
  files?: Record<string, string>;
}

export interface Outcome {
  exitCode: number | null;
  /** What the agent told its user in the end. */
  answer: string;
  /** All that was printed, for a failing test to show. */
  output: string;
}

/** One headless run through a real `aicore serve`. */
export async function visit({ sandbox, agent, model, prompt, files = {} }: Visit): Promise<Outcome> {
  const [home, folder] = [temporaryFolder(), temporaryFolder()];
  const env = environment(sandbox, home);
  if (agent.aliases) {
    const settings = JSON.stringify({ version: 1, aliases: agent.aliases });
    writeFiles(home, { "aicore/config/config.json": settings });
  }
  return whileServing(env, folder, async (door) => {
    const start = agent.start({ ...door, model, prompt });
    writeFiles(home, start.home ?? {});
    writeFiles(folder, { ...start.project, ...files });
    const own = { PATH: env.PATH ?? "", HOME: home, TMPDIR: home, ...start.env };
    const { exitCode, output } = await ended(run(start.command, start.args, own, folder));
    return { exitCode, output, answer: agent.answer(output) };
  });
}

const codex: Agent = {
  start: ({ url, key, model, prompt }) => ({
    command: program("codex"),
    args: ["exec", "--json", "--skip-git-repo-check", prompt],
    env: { AICORE_KEY: key },
    home: {
      ".codex/config.toml": [
        `model = "${model}"`,
        'model_provider = "aicore"',
        'approval_policy = "never"',
        'sandbox_mode = "danger-full-access"',
        'model_reasoning_effort = "high"',
        "[model_providers.aicore]",
        'name = "aicore"',
        `base_url = "${url}/v1"`,
        'env_key = "AICORE_KEY"',
        'wire_api = "responses"',
      ].join("\n"),
    },
  }),
  answer: (output) =>
    events<{ item?: { type: string; text?: string } }>(output)
      .map(({ item }) => (item?.type === "agent_message" ? item.text : undefined))
      .findLast((text) => text !== undefined) ?? "",
};

/** One provider of opencode's: an npm package that is bundled with it. */
function opencode(npm: string): Agent {
  return {
    start: ({ url, key, model, prompt }) => ({
      command: program("opencode"),
      args: ["run", "--format", "json", "-m", `aicore/${model}`, prompt],
      env: {
        OPENCODE_DISABLE_AUTOUPDATE: "1",
        OPENCODE_DISABLE_MODELS_FETCH: "1",
        OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
        OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      },
      project: {
        "opencode.json": JSON.stringify({
          provider: {
            aicore: { npm, options: { baseURL: `${url}/v1`, apiKey: key }, models: { [model]: {} } },
          },
          model: `aicore/${model}`,
          small_model: `aicore/${model}`,
          permission: "allow",
        }),
      },
    }),
    answer: (output) =>
      events<{ type: string; part?: { text?: string } }>(output)
        .map(({ type, part }) => (type === "text" ? (part?.text ?? "") : ""))
        .join("\n"),
  };
}

const geminiCli: Agent = {
  start: ({ url, key, model, prompt }) => ({
    command: program("gemini"),
    args: ["-p", prompt, "-m", model, "--skip-trust", "--yolo", "--output-format", "json"],
    env: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key },
    home: {
      ".gemini/settings.json": JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
      }),
    },
  }),
  answer: (output) => (lastDocument(output) as { response?: string }).response ?? "",
  // Gemini CLI 0.61 turns `-m gemini-3.5-flash` into the newest Flash that Google itself offers (2026-11-21).
  aliases: { "gemini-3.8-flash": "gemini-3.5-flash" },
};

function qwenCode(dialect: "openai" | "anthropic"): Agent {
  return {
    start: ({ url, key, model, prompt }) => ({
      // Qwen Code needs Node 22; aicore must run, and is tested, on older ones.
      command: program("node"),
      args: [
        join(PACKAGES, "@qwen-code/qwen-code/cli-entry.js"),
        ...["-p", prompt, "--yolo", "--auth-type", dialect, "--output-format", "json"],
      ],
      env:
        dialect === "openai"
          ? { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, OPENAI_MODEL: model }
          : { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key, ANTHROPIC_MODEL: model },
      // Without a terminal it stops reading when the command exits, and may miss all it printed (0.24.4, 2026-11-21).
      home: {
        ".qwen/settings.json": JSON.stringify({ tools: { shell: { enableInteractiveShell: true } } }),
      },
    }),
    answer: (output) =>
      (lastDocument(output) as { type?: string; result?: string }[]).find(({ type }) => type === "result")
        ?.result ?? "",
  };
}

export const AGENTS = {
  Codex: codex,
  "opencode (chat)": opencode("@ai-sdk/openai-compatible"),
  "opencode (Responses)": opencode("@ai-sdk/openai"),
  "opencode (Messages)": opencode("@ai-sdk/anthropic"),
  "Gemini CLI": geminiCli,
  "Qwen Code (chat)": qwenCode("openai"),
  "Qwen Code (Messages)": qwenCode("anthropic"),
} as const satisfies Record<string, Agent>;

function program(name: string): string {
  return join(PACKAGES, ".bin", name);
}

function writeFiles(root: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** The lines that are JSON objects; agents mix them with warnings. */
function events<T>(output: string): T[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as T);
}

/** The JSON document that the output ends with, behind warnings of any kind. */
function lastDocument(output: string): unknown {
  for (const start of output.matchAll(/^[[{]/gm)) {
    try {
      return JSON.parse(output.slice(start.index));
    } catch {
      // It begins further down, or there is none.
    }
  }
  return {};
}
