import type { JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { cleanBlock } from "./blocks.ts";
import { type Block, isMessageList, type Message } from "./message.ts";
import { nameToolUses } from "./name-tool-uses.ts";
import { pairToolResults } from "./pair-tool-results.ts";
import { isBlank } from "./text.ts";
import { mergeTurns } from "./turns.ts";

const KEYS: ReadonlySet<string> = new Set(["role", "content"]);

/**
 * The history as Bedrock takes it: legal blocks, strictly alternating turns, every tool call answered at once.
 * The order is load-bearing: blocks are cleaned first, while their indexes are still the client's; calls are paired
 * only after turns are merged, when the answer to a call can stand nowhere but in the next message.
 */
export function prepareMessages(body: JsonObject, call: Call): JsonObject {
  if (!isMessageList(body.messages)) return body;
  const legal = rewriteEach<Message>(body.messages, (message, index) => cleanMessage(message, index, call));
  // A request of blank texts alone goes up as it came: the upstream's own words say best what is wrong with it.
  if (legal.length === 0) return body;
  return withMember(body, "messages", pairToolResults(nameToolUses(mergeTurns(legal))));
}

/** The message with legal blocks and keys (not its own `output_config`: clients.md 1.4); nothing when it is left empty. */
function cleanMessage(message: Message, index: number, call: Call): Message | Message[] {
  const clean = withMember(onlyMembers(message, KEYS), "content", cleanContent(message, index, call));
  if (clean.content.length === 0) return [];
  return clean.role === "system" ? asReminder(clean) : clean;
}

function cleanContent({ role, content }: Message, index: number, call: Call): string | Block[] {
  if (typeof content === "string") return isBlank(content) ? "" : content;
  const clean = rewriteEach(content, (block, at) =>
    cleanBlock(block, `messages.${index}.content.${at}`, call),
  );
  return role === "assistant" ? withoutLastThinking(clean) : clean;
}

/**
 * "The final block in an assistant message cannot be `thinking`" (forgecode#2107, 2025-12-11): what a turn leaves
 * that was cancelled while the model thought.
 */
function withoutLastThinking(content: Block[]): Block[] {
  const last = content.findLastIndex(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  return last === content.length - 1 ? content : content.slice(0, last + 1);
}

/**
 * A system message amid the history as a reminder in the user's turn, where it stands. Claude Code sends them to
 * every model id that it does not know (clients.md 1.4); most models on Bedrock refuse the role. Moving the text up
 * to the system prompt would work too, and void the prompt cache at each turn (DESIGN 8). String or blocks: the
 * outcome is the same, because Claude Code changes from one form to the other between turns.
 * Can go for models that take the role (Opus 4.8 does, protocol.md 4a.3) when all deployed ones do.
 */
function asReminder({ content }: Message): Message {
  const blocks: Block[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
  return {
    role: "user",
    content: rewriteEach(blocks, (block) =>
      typeof block.text === "string"
        ? withMember(block, "text", `<system-reminder>\n${block.text}\n</system-reminder>`)
        : block,
    ),
  };
}
