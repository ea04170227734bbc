/** The request body once it has passed the checks. */
import type { JsonObject } from "../../hub/json.ts";

export interface Media {
  format: string;
  name?: string;
  source: { bytes: string };
}

export interface ContentBlock {
  text?: string;
  image?: Media;
  document?: Media;
  toolUse?: { toolUseId: string; name: string; input: JsonObject };
  toolResult?: { toolUseId: string; content: (ContentBlock & { json?: JsonObject })[]; status?: string };
  cachePoint?: { type: "default" };
}

export interface ConverseMessage {
  role: "user" | "assistant";
  content: ContentBlock[];
}

export interface ToolSpec {
  name: string;
  description?: string;
  inputSchema: { json: JsonObject };
}

export interface ConverseRequest {
  system?: { text?: string; cachePoint?: { type: "default" } }[];
  messages: ConverseMessage[];
  inferenceConfig?: { maxTokens?: number; temperature?: number; topP?: number; stopSequences?: string[] };
  toolConfig?: {
    tools: { toolSpec?: ToolSpec; cachePoint?: JsonObject }[];
    toolChoice?: { auto?: JsonObject; any?: JsonObject; tool?: { name: string } };
  };
  additionalModelRequestFields?: { inferenceConfig?: { topK?: number } };
}
