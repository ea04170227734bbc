import { blocksOf, type Message } from "./message.ts";

/** Neighbours of one role as one message: dropped messages and reminders leave such, and they are refused (4a.3). */
export function mergeTurns(messages: Message[]): Message[] {
  const turns: Message[][] = [];
  for (const message of messages) {
    const turn = turns.at(-1);
    if (turn?.[0]?.role === message.role) turn.push(message);
    else turns.push([message]);
  }
  return turns.length === messages.length ? messages : turns.flatMap(asOneMessage);
}

function asOneMessage(turn: Message[]): Message[] {
  const [first] = turn;
  if (first === undefined || turn.length === 1) return turn;
  return [{ role: first.role, content: turn.flatMap(blocksOf) }];
}
