/** Any program: the variables that OpenAI's, Anthropic's and Google's SDKs, and what is built on them, read. */
import { claudeVariables } from "./claude.ts";
import { geminiVariables } from "./gemini.ts";
import type { Agent, Launch, LaunchOptions } from "./types.ts";

/** Would send a program elsewhere, or a foreign key along. */
const REMOVED = [
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
  "GOOGLE_API_KEY",
  "GOOGLE_GENAI_USE_VERTEXAI",
  "GOOGLE_GENAI_USE_GCA",
];

export function runAgent(program: string): Agent {
  return { name: "run", title: program, program, launch };
}

async function launch(options: LaunchOptions): Promise<Launch> {
  const { url, key } = options;
  return {
    variables: {
      ...(await claudeVariables(options)),
      ANTHROPIC_API_KEY: key,
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_BASE: `${url}/v1`,
      OPENAI_API_KEY: key,
      ...geminiVariables(options),
    },
    removed: REMOVED,
    args: [],
    notice: `OpenAI, Anthropic and Gemini clients use ${url}`,
    warnings: [],
    keepsCredentials: true,
  };
}
