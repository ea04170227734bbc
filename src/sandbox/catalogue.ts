/** `GET /lm/scenarios/foundation-models/models`: what the tenant could deploy (protocol 3.3). */
import type { JsonObject } from "../hub/json.ts";

interface CatalogueRow {
  model: string;
  displayName: string;
  provider: string;
  executableId: string;
  contextLength: number;
  /** GenAI tokens per 1,000 model tokens, in and out; SAP leaves the cost out of some billable models. */
  cost?: [input: string, output: string];
  capabilities?: string[];
  /** Not through orchestration. */
  ownDeploymentOnly?: boolean;
  /** Default: one, named "1". The first is the latest. */
  versions?: readonly Version[];
  /** Default true. */
  streams?: boolean;
}

interface Version {
  name: string;
  deprecated?: boolean;
  /** ISO 8601. */
  retirementDate?: string;
  suggestedReplacements?: string[];
}

const CLAUDE = { provider: "Anthropic", executableId: "aws-bedrock" };
const OPENAI = { provider: "OpenAI", executableId: "azure-openai" };
const GOOGLE = { provider: "Google", executableId: "gcp-vertexai" };
const MILLION = 1_000_000;

/** A date that has passed: what is deployed from it never runs. */
const RETIRED = "2026-03-31T00:00:00Z";

const ROWS: readonly CatalogueRow[] = [
  claude("4.8-opus", "Claude Opus 4.8", MILLION, ["0.00372", "0.01812"]),
  claude("4.7-opus", "Claude Opus 4.7", MILLION, ["0.00372", "0.01812"]),
  claude("4.6-opus", "Claude Opus 4.6", MILLION, ["0.00372", "0.01812"]),
  claude("4.6-sonnet", "Claude Sonnet 4.6", MILLION, ["0.00223", "0.01087"]),
  claude("4.5-opus", "Claude Opus 4.5", 200_000, ["0.00372", "0.01812"]),
  claude("4.5-sonnet", "Claude 4.5 Sonnet", 200_000, ["0.00223", "0.01087"]),
  claude("4.5-haiku", "Claude 4.5 Haiku", 200_000, ["0.00074", "0.00362"]),
  {
    ...claude("3.7-sonnet", "Claude 3.7 Sonnet", 200_000, ["0.00223", "0.01087"]),
    versions: [
      {
        name: "1",
        deprecated: true,
        retirementDate: "2027-02-28T00:00:00Z",
        suggestedReplacements: ["anthropic--claude-4.6-sonnet"],
      },
    ],
  },
  claude("3-haiku", "Claude 3 Haiku", 200_000, ["0.00019", "0.00091"]),
  {
    model: "gpt-4o",
    displayName: "GPT-4o",
    ...OPENAI,
    contextLength: 128_000,
    cost: ["0.00312", "0.0092"],
    versions: [
      { name: "2024-11-20" },
      { name: "2024-08-06", deprecated: true, retirementDate: "2027-01-31T00:00:00Z" },
    ],
  },
  { model: "gpt-5.5", displayName: "GPT-5.5", ...OPENAI, contextLength: 1_050_000 },
  {
    model: "gpt-5.3-codex",
    displayName: "GPT-5.3 Codex",
    ...OPENAI,
    contextLength: 400_000,
    ownDeploymentOnly: true,
  },
  {
    model: "text-embedding-3-small",
    displayName: "Text Embedding 3 Small",
    ...OPENAI,
    contextLength: 8_191,
    cost: ["0.00003", "0"],
    capabilities: ["embeddings"],
  },
  {
    model: "gemini-2.5-pro",
    displayName: "Gemini 2.5 Pro",
    ...GOOGLE,
    contextLength: 1_048_576,
    cost: ["0.00131", "0.0077"],
  },
  {
    model: "mistralai--mistral-medium",
    displayName: "Mistral Medium",
    provider: "Mistral AI",
    executableId: "aicore-mistralai",
    contextLength: 262_144,
  },
  {
    model: "mistralai--mistral-medium-instruct",
    displayName: "Mistral Medium Instruct",
    provider: "Mistral AI",
    executableId: "aicore-mistralai",
    contextLength: 128_000,
    cost: ["0.0004", "0.002"],
    versions: [{ name: "2312", deprecated: true, retirementDate: RETIRED }],
    ownDeploymentOnly: true,
  },
  {
    model: "cohere-reranker",
    displayName: "Cohere Rerank 3.5",
    provider: "Cohere",
    executableId: "aicore-cohere",
    contextLength: 4_096,
    capabilities: ["text-reranking"],
    ownDeploymentOnly: true,
    streams: false,
  },
  {
    model: "sonar-pro",
    displayName: "Sonar Pro",
    provider: "Perplexity",
    executableId: "perplexity-ai",
    contextLength: 200_000,
    capabilities: ["text-generation"],
  },
  {
    model: "gemini-2.5-flash-image",
    displayName: "Gemini 2.5 Flash Image",
    ...GOOGLE,
    contextLength: 32_768,
    capabilities: ["image-generation"],
    ownDeploymentOnly: true,
  },
];

/** Whether the orchestration service reaches the model. */
export function isOrchestrated(model: string): boolean {
  return ROWS.some((row) => row.model === model && row.ownDeploymentOnly !== true);
}

/** Why a deployment of this model may not be made, in the manner of SAP's checks; undefined when it may. */
export function notOffered(model: string, version: string, executable: string): string | undefined {
  const row = ROWS.find((one) => one.model === model);
  if (row === undefined) return `model ${model} is not available`;
  if (row.executableId !== executable) return `model ${model} is not served by executable ${executable}`;
  const versions = versionsOf(row).map(({ name }) => name);
  return ["latest", ...versions].includes(version) ? undefined : `model ${model} has no version ${version}`;
}

/** Whether a version can no longer run; `latest` stands for the first. */
export function isRetired(model: string, version: string, now = Date.now()): boolean {
  const row = ROWS.find((one) => one.model === model);
  const versions = row === undefined ? [] : versionsOf(row);
  const meant = version === "latest" ? versions[0] : versions.find(({ name }) => name === version);
  return meant?.retirementDate !== undefined && Date.parse(meant.retirementDate) < now;
}

function versionsOf({ versions }: CatalogueRow): readonly Version[] {
  return versions ?? [{ name: "1" }];
}

export const CATALOGUE: JsonObject = { count: ROWS.length, resources: ROWS.map(entry) };

function claude(
  variant: string,
  displayName: string,
  contextLength: number,
  cost: [string, string],
): CatalogueRow {
  return { model: `anthropic--claude-${variant}`, displayName, ...CLAUDE, contextLength, cost };
}

function entry(row: CatalogueRow): JsonObject {
  const capabilities = row.capabilities ?? ["text-generation", "image-recognition"];
  const own = { scenarioId: "foundation-models", executableId: row.executableId };
  const orchestrated = { scenarioId: "orchestration", executableId: "orchestration" };
  return {
    model: row.model,
    displayName: row.displayName,
    provider: row.provider,
    description: `${row.displayName} by ${row.provider}`,
    accessType: "Remote",
    executableId: row.executableId,
    allowedScenarios: row.ownDeploymentOnly === true ? [own] : [own, orchestrated],
    versions: versionsOf(row).map(({ name, deprecated = false, ...version }, rank) => ({
      name,
      isLatest: rank === 0,
      deprecated,
      retirementDate: "",
      ...version,
      contextLength: row.contextLength,
      inputTypes: capabilities.includes("image-recognition") ? ["text", "image"] : ["text"],
      capabilities,
      streamingSupported: row.streams !== false,
      ...(row.cost === undefined ? {} : { cost: [{ inputCost: row.cost[0] }, { outputCost: row.cost[1] }] }),
      metadata: [{ chatBotArenaScore: "1450" }],
    })),
  };
}
