/** The request body once it has passed the checks, and the blocks in it. */
import type { Json, JsonObject } from "../../hub/json.ts";

export type Block = JsonObject & { type: string };

export interface Message {
  role: "user" | "assistant";
  content: string | Block[];
}

export interface Tool {
  name: string;
  description?: string;
  input_schema: JsonObject;
}

export interface ClaudeRequest {
  anthropic_version: string;
  anthropic_beta?: string[];
  max_tokens: number;
  system?: string | Block[];
  messages: Message[];
  tools?: Tool[];
  tool_choice?: {
    type: "auto" | "any" | "tool" | "none";
    name?: string;
    disable_parallel_tool_use?: boolean;
  };
  thinking?: { type: "enabled" | "adaptive" | "disabled"; budget_tokens?: number };
  output_config?: { effort?: string };
  stop_sequences?: string[];
  temperature?: number;
  top_p?: number;
  top_k?: number;
}

/** Content as blocks: a string is one text block. */
export function blocksOf(content: string | Block[] | undefined): Block[] {
  if (content === undefined) return [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** The text of these blocks, one line break between them. */
export function textOf(blocks: readonly Block[]): string {
  return blocks
    .filter(({ type }) => type === "text")
    .map(({ text }) => String(text))
    .join("\n");
}

/** The blocks inside a `tool_result`. */
export function resultBlocks(result: Block): Block[] {
  const content = result.content as Json | undefined;
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content) ? (content as Block[]) : [];
}

/**
 * Tokens by our own plain measure: one for each four characters. Media count as 1,600 however big they are.
 */
export function tokensOf(value: Json): number {
  let media = 0;
  const text =
    typeof value === "string"
      ? value
      : JSON.stringify(value, (key, item) => {
          if (key !== "data" || typeof item !== "string") return item;
          media += 1_600;
          return "";
        });
  return Math.ceil(text.length / 4) + media;
}
