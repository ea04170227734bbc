/** A Converse request in the words of the script, which are Claude's: one plot for all families. */
import type { Block, ClaudeRequest, Message } from "../claude/wire.ts";
import type { NovaRules } from "../models.ts";
import type { ContentBlock, ConverseMessage, ConverseRequest, Media } from "./wire.ts";

export function asClaude(request: ConverseRequest, { maxOutput }: NovaRules): ClaudeRequest {
  const { system = [], messages, inferenceConfig = {}, toolConfig } = request;
  const choice = choiceOf(toolConfig?.toolChoice);
  return {
    anthropic_version: "",
    max_tokens: inferenceConfig.maxTokens ?? maxOutput,
    system: blocksOf(system),
    messages: messages.map(messageOf),
    tools: (toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
      toolSpec ? [{ name: toolSpec.name, input_schema: toolSpec.inputSchema.json }] : [],
    ),
    ...(choice && { tool_choice: choice }),
    stop_sequences: inferenceConfig.stopSequences ?? [],
  };
}

function messageOf({ role, content }: ConverseMessage): Message {
  return { role, content: blocksOf(content) };
}

/** A cache point marks the block before it. */
function blocksOf(content: readonly ContentBlock[]): Block[] {
  return content.flatMap((block, index) => {
    const marked = content[index + 1]?.cachePoint !== undefined;
    return blockOf(block).map((one) => (marked ? { ...one, cache_control: { type: "ephemeral" } } : one));
  });
}

function blockOf({ text, image, document, toolUse, toolResult }: ContentBlock): Block[] {
  if (text !== undefined) return [{ type: "text", text }];
  if (image) return [{ type: "image", source: sourceOf(image, `image/${image.format}`) }];
  if (document) return [{ type: "document", source: sourceOf(document, mediaType(document.format)) }];
  if (toolUse) {
    const { toolUseId: id, name, input } = toolUse;
    return [{ type: "tool_use", id, name, input }];
  }
  if (!toolResult) return [];
  const content = toolResult.content.flatMap((inner) =>
    inner.json ? [{ type: "text", text: JSON.stringify(inner.json) }] : blockOf(inner),
  );
  return [{ type: "tool_result", tool_use_id: toolResult.toolUseId, content }];
}

function sourceOf({ source }: Media, media_type: string) {
  return { type: "base64", media_type, data: source.bytes };
}

function mediaType(format: string): string {
  return format === "txt" ? "text/plain" : `application/${format}`;
}

function choiceOf(
  choice: NonNullable<ConverseRequest["toolConfig"]>["toolChoice"],
): ClaudeRequest["tool_choice"] {
  if (choice?.tool) return { type: "tool", name: choice.tool.name };
  return choice?.any ? { type: "any" } : undefined;
}
