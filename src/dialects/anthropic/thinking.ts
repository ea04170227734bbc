import { type Block, blocksOf, type HubMessage } from "../../hub/messages.ts";
import { isClaudeSignature } from "../../hub/signature.ts";

/**
 * The history without thinking that another maker signed: Claude refuses foreign signatures, and a thought without a
 * signature is nobody's. A message that held nothing else goes with it.
 */
export function withoutForeignThinking(messages: HubMessage[]): HubMessage[] {
  return messages.flatMap((message) => {
    if (typeof message.content === "string" || !message.content.some(isForeign)) return [message];
    const content = blocksOf(message.content).filter((block) => !isForeign(block));
    return content.length > 0 ? [{ ...message, content }] : [];
  });
}

function isForeign(block: Block): boolean {
  return block.type === "thinking" && !isClaudeSignature(block.signature);
}
