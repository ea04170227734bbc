import { rewriteEach, withMember } from "../copy-on-write.ts";
import { type Block, blocksOf, type Message } from "./message.ts";

/**
 * Gives every call an id. Claude Code's compression has produced calls without one, a 400
 * (`messages.N.content.M.tool_use.id: Field required`, protocol.md 4a.3, SAIL live). The results in the next message
 * that belong to no call are linked to such calls by position, and lend them their id where they have one.
 * Ids are made from positions, so that the same history reads the same at every turn.
 */
export function nameToolUses(messages: Message[]): Message[] {
  let links: string[] = [];
  let known = new Set<string>();
  return rewriteEach(messages, (message, index) => {
    if (message.role === "assistant") {
      known = idsOf(message);
      links = [];
      const strays = blocksOf(messages[index + 1] ?? NOTHING).filter((block) => isStray(block, known));
      return rewriteBlocks(message, (block, at) => {
        if (block.type !== "tool_use" || isId(block.id)) return block;
        const lent = strays[links.length]?.tool_use_id;
        const id = isId(lent) ? lent : `toolu_placeholder_${index}_${at}`;
        links.push(id);
        return withMember(block, "id", id);
      });
    }
    const waiting = [...links];
    links = [];
    return rewriteBlocks(message, (block) =>
      isStray(block, known) ? withMember(block, "tool_use_id", waiting.shift() ?? block.tool_use_id) : block,
    );
  });
}

const NOTHING: Message = { role: "user", content: [] };

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isStray(block: Block, known: ReadonlySet<string>): boolean {
  return block.type === "tool_result" && !(isId(block.tool_use_id) && known.has(block.tool_use_id));
}

function idsOf(message: Message): Set<string> {
  const uses = blocksOf(message).filter(({ type }) => type === "tool_use");
  return new Set(uses.map(({ id }) => id).filter(isId));
}

function rewriteBlocks(message: Message, rewrite: (block: Block, at: number) => Block): Message {
  return typeof message.content === "string"
    ? message
    : withMember(message, "content", rewriteEach(message.content, rewrite));
}
