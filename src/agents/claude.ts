/**
 * Claude Code. Its variables: code.claude.com/docs (settings, LLM gateway) and captures of 2.1.197 and 2.1.329 against
 * a gateway, 2026-11.
 */
import { CLAUDE_FIRST, chooseModel } from "./choice.ts";
import { modelInSettings, settingsOnTop } from "./claude-settings.ts";
import type { Agent, AgentModel, Launch, LaunchOptions } from "./types.ts";

/** Each of Claude Code's tiers, and where to look when the tenant has none of it. */
const TIERS = {
  opus: ["opus", "sonnet", "haiku"],
  sonnet: ["sonnet", "opus", "haiku"],
  haiku: ["haiku", "sonnet", "opus"],
} as const;
type Tier = keyof typeof TIERS;

/** Would send Claude Code elsewhere, or send a second, foreign key along. */
const REMOVED = [
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
  "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
  "CLAUDE_CODE_SKIP_VERTEX_AUTH",
  "CLAUDE_CODE_SKIP_FOUNDRY_AUTH",
  "ANTHROPIC_BEDROCK_BASE_URL",
  "ANTHROPIC_VERTEX_BASE_URL",
  "ANTHROPIC_FOUNDRY_BASE_URL",
  "ANTHROPIC_SMALL_FAST_MODEL",
];

/** Above the proxy's own limit of 600 s, so that its error arrives and not a client's timeout. */
const API_TIMEOUT_MS = "660000";
const MILLION = 1_000_000;

export const claude: Agent = {
  name: "claude",
  title: "Claude Code",
  program: "claude",
  install: "npm install -g @anthropic-ai/claude-code",
  launch,
};

async function launch(options: LaunchOptions): Promise<Launch> {
  const { env, cwd } = options;
  const deployed = await deployedTiers(options);
  const models = deployed.size > 0 ? tiersFrom(deployed) : await otherModels(options);
  const asked = modelInSettings(env, cwd) ?? env.ANTHROPIC_MODEL;
  const misfit = asked && !(await options.find(withoutSuffix(asked))) ? asked : undefined;
  const removed = misfit ? [...REMOVED, "ANTHROPIC_MODEL"] : REMOVED;
  const settings = settingsOnTop(options, decidedVariables(models, options), removed);
  return {
    variables: variablesFor(models, options),
    removed,
    args: settings.args,
    notice: noticeOf(models),
    warnings: [
      ...(misfit ? [`ANTHROPIC_MODEL is ${misfit}, which is not deployed here: left out.`] : []),
      ...settings.warnings,
    ],
  };
}

/** The variables alone, for programs that may start Claude Code in turn; without a model's name where there is no Claude. */
export async function claudeVariables(options: LaunchOptions): Promise<Record<string, string>> {
  return variablesFor(tiersFrom(await deployedTiers(options)), options);
}

function variablesFor(models: Choices, options: LaunchOptions): Record<string, string> {
  return {
    ...decidedVariables(models, options),
    ...unlessSet(options.env, { API_TIMEOUT_MS, ...contextVariables(models) }),
  };
}

/** Those that are not the user's to set. */
function decidedVariables(models: Choices, { url, key }: LaunchOptions): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: key,
    ...modelVariables(models),
    // The first system block of each request would otherwise differ from call to call and defeat prompt caching.
    CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: "1",
  };
}

/** A model in a tier's place, and the tier that it is of; undefined for one that is no Claude. */
type Choice = AgentModel & { tier: Tier | undefined };
type Choices = Partial<Record<Tier, Choice>>;

async function deployedTiers({ find }: LaunchOptions): Promise<Map<Tier, AgentModel>> {
  const deployed = new Map<Tier, AgentModel>();
  for (const tier of Object.keys(TIERS) as Tier[]) {
    const model = await find(tier);
    if (model) deployed.set(tier, model);
  }
  return deployed;
}

function tiersFrom(deployed: Map<Tier, AgentModel>): Choices {
  const choices: Choices = {};
  for (const [tier, order] of Object.entries(TIERS) as [Tier, readonly Tier[]][]) {
    const found = order.find((each) => deployed.has(each));
    const model = found && deployed.get(found);
    if (model) choices[tier] = { ...model, tier: found };
  }
  return choices;
}

/** Without any Claude, the newest of what there is. */
async function otherModels(options: LaunchOptions): Promise<Choices> {
  const { model, small } = await chooseModel("Claude Code", options, CLAUDE_FIRST);
  const other = { ...model, tier: undefined };
  return { opus: other, sonnet: other, haiku: { ...small, tier: undefined } };
}

function modelVariables({ opus, sonnet, haiku }: Choices): Record<string, string> {
  if (!opus || !sonnet || !haiku) return {};
  return {
    ANTHROPIC_DEFAULT_OPUS_MODEL: opus.id,
    ANTHROPIC_DEFAULT_SONNET_MODEL: sonnet.id,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: haiku.id,
    // Auto mode's classifier asks for a hard-wired claude-sonnet-5 otherwise; without an answer it blocks every tool.
    CLAUDE_CODE_AUTO_MODE_MODEL: sonnet.id,
  };
}

/**
 * SAP's names are unknown to Claude Code, which then guesses how much they take: 2.1.329 a million tokens, and it would
 * compact a 200,000-token conversation too late; 2.1.197 takes 200,000. One variable caps all names, so the smaller of
 * opus and sonnet counts, in which conversations run (haiku does side jobs). The cap does not hold for a name that ends
 * in `[1m]`, and both versions hang that on the default opus by themselves: where opus takes less, this is switched
 * off. All seen in runs of both versions, 2026-11.
 */
function contextVariables({ opus, sonnet }: Choices): Record<string, string> {
  const opusWindow = opus?.contextWindow ?? MILLION;
  const window = Math.min(opusWindow, sonnet?.contextWindow ?? MILLION);
  return {
    ...(window < MILLION ? { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(window) } : {}),
    ...(opusWindow < MILLION ? { CLAUDE_CODE_DISABLE_1M_CONTEXT: "1" } : {}),
  };
}

function noticeOf(choices: Choices): string {
  return (Object.entries(choices) as [Tier, Choice][])
    .map(
      ([tier, choice]) => `${tier} = ${choice.id}${choice.tier === tier ? "" : ` (no ${tier} is deployed)`}`,
    )
    .join(", ");
}

function unlessSet(env: NodeJS.ProcessEnv, variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !env[name]));
}

/** `claude-opus-4-6[1m]` asks for a model and a window; the name ends before the bracket. */
function withoutSuffix(model: string): string {
  return model.replace(/\[1m\]$/i, "");
}
