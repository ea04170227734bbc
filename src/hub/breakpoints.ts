import {
  type Block,
  blocksOf,
  type CacheControl,
  type HubMessage,
  type HubRequest,
  type TextBlock,
} from "./messages.ts";

const MARK: CacheControl = { type: "ephemeral" };
/** The turns that end with the user's word: the last one writes the cache, the one before reads it. */
const TURNS = 2;

/**
 * Prompt caching for clients whose dialect cannot ask for it: a breakpoint after the tools, after the system prompt
 * and after the last two user turns, which are the four that Claude allows. A request that has breakpoints already is
 * left alone.
 */
export function withBreakpoints(request: HubRequest): HubRequest {
  if (JSON.stringify(request).includes('"cache_control"')) return request;
  const { system, tools } = request;
  const systemBlocks = blocksOf(system);
  return {
    ...request,
    ...(systemBlocks.length > 0 && { system: markLast(systemBlocks) as TextBlock[] }),
    ...(tools?.length && { tools: markLast(tools) }),
    messages: markUserTurns(request.messages),
  };
}

function markUserTurns(messages: HubMessage[]): HubMessage[] {
  const turns = messages.flatMap(({ role }, index) => (role === "user" ? [index] : [])).slice(-TURNS);
  return messages.map((message, index) =>
    turns.includes(index) ? { ...message, content: markLast(blocksOf(message.content)) as Block[] } : message,
  );
}

function markLast<T>(list: T[]): T[] {
  return list.map((item, index) => (index === list.length - 1 ? { ...item, cache_control: MARK } : item));
}
