import { azureChat, azureResponses } from "./azure-openai/index.ts";
import { bedrockClaude } from "./bedrock-claude/index.ts";
import { bedrockConverse } from "./bedrock-converse/index.ts";
import { openaiCompatible } from "./openai-compatible/index.ts";
import { orchestration } from "./orchestration/index.ts";
import type { Upstream } from "./types.ts";
import { vertexGemini } from "./vertex-gemini/index.ts";

/** Every upstream we know, those that can do more first. */
const UPSTREAMS: readonly Upstream[] = [
  bedrockClaude,
  bedrockConverse,
  azureResponses,
  azureChat,
  vertexGemini,
  ...openaiCompatible,
  orchestration,
];

/** All that serve a deployment, one a dialect, in the order of preference. */
export function upstreamsFor(deployment: {
  executable: string;
  model: string | undefined;
}): readonly Upstream[] {
  return UPSTREAMS.filter((upstream) => upstream.serves(deployment));
}
