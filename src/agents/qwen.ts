/** Qwen Code. Its variables and options: its README, `qwen --help` and runs of 0.24, 2026-11. */
import { chooseModel, optionValue } from "./choice.ts";
import type { Agent, Launch, LaunchOptions } from "./types.ts";

/** Its commands that are not a conversation; they refuse options of one. */
const COMMANDS = [
  "auth",
  "board",
  "channel",
  "extensions",
  "hooks",
  "mcp",
  "review",
  "sandbox",
  "serve",
  "sessions",
  "update",
];

export const qwen: Agent = {
  name: "qwen",
  title: "Qwen Code",
  program: "qwen",
  install: "npm install -g @qwen-code/qwen-code",
  launch,
};

async function launch(options: LaunchOptions): Promise<Launch> {
  const { url, key, args } = options;
  const { model, notice } = await chooseModel("Qwen Code", options, ["gpt", "claude", "gemini"]);
  const asked = optionValue(args, "-m", "--model");
  return {
    variables: { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, OPENAI_MODEL: model.id },
    removed: [],
    args: COMMANDS.includes(args[0] ?? "") ? [] : missing(args, model.id),
    notice: asked === undefined ? notice : `model = ${asked}`,
    warnings: [],
  };
}

/** Its settings win over variables, its options over both; given twice, they break it. */
function missing(args: readonly string[], model: string): string[] {
  return [
    ...(optionValue(args, "--auth-type") === undefined ? ["--auth-type", "openai"] : []),
    ...(optionValue(args, "-m", "--model") === undefined ? ["--model", model] : []),
  ];
}
