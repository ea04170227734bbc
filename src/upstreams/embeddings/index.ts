import { azureEmbeddings } from "./azure.ts";
import { geminiEmbeddings } from "./gemini.ts";
import { nvidiaEmbeddings } from "./nvidia.ts";
import { orchestrationEmbeddings } from "./orchestration.ts";
import { titanEmbeddings } from "./titan.ts";
import type { EmbeddingHost } from "./types.ts";

const HOSTS: readonly EmbeddingHost[] = [
  azureEmbeddings,
  titanEmbeddings,
  geminiEmbeddings,
  nvidiaEmbeddings,
  orchestrationEmbeddings,
];

/** The host of a deployment's embedding model; undefined for one that we do not know. */
export function embeddingHostFor(deployment: {
  executable: string;
  model: string | undefined;
}): EmbeddingHost | undefined {
  return HOSTS.find((host) => host.serves(deployment));
}
