import { bedrockClaude } from "./bedrock-claude/index.ts";
import type { Upstream } from "./types.ts";

/** Every upstream we know; the first that serves a deployment is its own. */
const UPSTREAMS: readonly Upstream[] = [bedrockClaude];

export function upstreamFor(deployment: {
  executable: string;
  model: string | undefined;
}): Upstream | undefined {
  return UPSTREAMS.find((upstream) => upstream.serves(deployment));
}
