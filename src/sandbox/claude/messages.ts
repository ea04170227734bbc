/** The conversation: roles, order, tool pairs, signatures (protocol 4a.3). Shapes are checked before. */
import { isObject, type Json } from "../../hub/json.ts";
import type { ClaudeRules } from "../models.ts";
import { contentBlock, ROLE_OF_BLOCK } from "./blocks.ts";
import { bytesOf, dimensionsOf } from "./media.ts";
import { anything, array, below, type Check, literal, object, refuse, stringOr } from "./schema.ts";
import { isSealed, sign } from "./signature.ts";
import { type Block, blocksOf, type ClaudeRequest, type Message, resultBlocks, textOf } from "./wire.ts";

const message = object({ role: literal("user", "assistant"), content: stringOr(array(contentBlock)) });

export const messages: Check = (value, path) => {
  array(anything)(value, path);
  const list = value as Json[];
  if (list.length === 0) refuse(path, "at least one message is required");
  for (const [index, item] of list.entries()) {
    if (isObject(item) && item.role === "system") {
      const instead = 'The Messages API accepts a top-level `system` parameter, not "system" as a role.';
      refuse(path, `Unexpected role "system". ${instead}`);
    }
    message(item, below(path, index));
  }
};

export function checkMessages(request: ClaudeRequest, rules: ClaudeRules): void {
  checkOrder(request.messages, rules);
  checkPairs(request.messages);
  checkThinkingFirst(request);
  checkManyImages(request.messages, rules);
}

function checkOrder(list: readonly Message[], rules: ClaudeRules): void {
  for (const [index, { role, content }] of list.entries()) {
    const path = `messages.${index}`;
    const last = index === list.length - 1;
    if (index === 0 && role !== "user") refuse("messages", 'first message must use the "user" role');
    if (role === list[index - 1]?.role) {
      const complaint = 'roles must alternate between "user" and "assistant", but found multiple';
      refuse("messages", `${complaint} "${role}" roles in a row`);
    }
    if (content.length === 0 && !(last && role === "assistant")) {
      refuse(
        path,
        "all messages must have non-empty content except for the optional final assistant message",
      );
    }
    if (typeof content === "string" && content !== "" && content.trim() === "") {
      refuse("messages", "text content blocks must contain non-whitespace text");
    }
    for (const [place, block] of blocksOf(content).entries())
      checkBlock(block, role, `${path}.content.${place}`);
    if (last && role === "assistant") checkPrefill(content, rules);
  }
}

function checkBlock(block: Block, role: Message["role"], path: string): void {
  const home = ROLE_OF_BLOCK[block.type];
  if (home !== undefined && home !== role) {
    refuse(path, `\`${block.type}\` blocks can only be in \`${home}\` messages`);
  }
  if (block.type === "thinking" && block.signature !== sign(String(block.thinking))) {
    refuse(path, "Invalid `signature` in `thinking` block");
  }
  if (block.type === "redacted_thinking" && !isSealed(String(block.data))) {
    refuse(path, "Invalid `data` in `redacted_thinking` block");
  }
}

function checkPrefill(content: Message["content"], rules: ClaudeRules): void {
  if (!rules.prefill) {
    const complaint = "This model does not support assistant message prefill.";
    refuse("", `${complaint} The conversation must end with a user message.`);
  }
  if (/\s$/.test(textOf(blocksOf(content)))) {
    refuse("messages", "final assistant content cannot end with trailing whitespace");
  }
}

/** Each call is answered at the start of the very next message, and nothing is answered that was not called. */
function checkPairs(list: readonly Message[]): void {
  for (const [index, { content }] of list.entries()) {
    checkResults(blocksOf(content), callsIn(list[index - 1]), `messages.${index}`);
    const called = callsIn(list[index]);
    if (new Set(called).size < called.length) refuse("messages", "`tool_use` ids must be unique");
    const answered = leadingResults(blocksOf(list[index + 1]?.content)).map(({ tool_use_id }) => tool_use_id);
    const open = called.filter((id) => !answered.includes(id));
    if (open.length > 0) {
      const found = "`tool_use` ids were found without `tool_result` blocks immediately after";
      const rule = "Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
      refuse(`messages.${index}`, `${found}: ${open.join(", ")}. ${rule}`);
    }
  }
}

function callsIn(message: Message | undefined): string[] {
  return blocksOf(message?.content)
    .filter(({ type }) => type === "tool_use")
    .map(({ id }) => String(id));
}

function checkResults(blocks: readonly Block[], called: readonly string[], path: string): void {
  const seen = new Set<string>();
  for (const [place, block] of blocks.entries()) {
    if (block.type !== "tool_result") continue;
    const id = String(block.tool_use_id);
    if (!called.includes(id)) {
      const rule =
        "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
      refuse(
        `${path}.content.${place}`,
        `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ${rule}`,
      );
    }
    if (seen.has(id)) {
      const complaint =
        "each tool_use must have a single result. Found multiple `tool_result` blocks with id";
      refuse(`${path}.content.${place}`, `${complaint}: ${id}`);
    }
    seen.add(id);
  }
}

function leadingResults(blocks: readonly Block[]): Block[] {
  const end = blocks.findIndex(({ type }) => type !== "tool_result");
  return blocks.slice(0, end < 0 ? blocks.length : end);
}

/**
 * With a thinking budget, a turn that goes on after tool results must have begun with thinking: the service
 * will not continue a thought that it cannot see.
 */
function checkThinkingFirst({ messages: list, thinking }: ClaudeRequest): void {
  if (thinking?.type !== "enabled") return;
  const asked = list.findLastIndex(
    ({ role, content }) => role === "user" && !answersTools(blocksOf(content)),
  );
  const first = list[asked + 1];
  const block = blocksOf(first?.content)[0];
  if (block === undefined || block.type === "thinking" || block.type === "redacted_thinking") return;
  const found = `Expected \`thinking\` or \`redacted_thinking\`, but found \`${block.type}\``;
  const rule = "When `thinking` is enabled, a final `assistant` message must start with a thinking block";
  refuse(`messages.${asked + 1}.content.0.type`, `${found}. ${rule}.`);
}

function answersTools(blocks: readonly Block[]): boolean {
  return blocks[0]?.type === "tool_result";
}

/** Several images in one request must be smaller than one alone (protocol 4a.3, live on SAIL). */
function checkManyImages(list: readonly Message[], rules: ClaudeRules): void {
  const images = list.flatMap(({ content }) =>
    blocksOf(content)
      .flatMap((block) => (block.type === "tool_result" ? resultBlocks(block) : [block]))
      .filter(({ type }) => type === "image"),
  );
  if (images.length < 2) return;
  const edges = images.map((image) => dimensionsOf(bytesOf(image) ?? Buffer.alloc(0)));
  if (edges.some((size) => size !== undefined && Math.max(size.width, size.height) > rules.manyImagesEdge)) {
    const complaint = "At least one of the image dimensions exceed max allowed size for many-image requests";
    refuse("messages", `${complaint}: ${rules.manyImagesEdge} pixels`);
  }
}
