import { EventSourceParserStream } from "eventsource-parser/stream";

export interface ServerEvent {
  event: string | undefined;
  data: unknown;
}

/** The events of an answer, one at a time; undefined when it is over. */
export function eventsOf(answer: Response): {
  next(): Promise<ServerEvent | undefined>;
  leave(): Promise<void>;
} {
  if (!answer.body) throw new Error("no body");
  const reader = answer.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  return {
    async next() {
      const { value, done } = await reader.read();
      return done ? undefined : { event: value.event, data: JSON.parse(value.data) as unknown };
    },
    leave: () => reader.cancel(),
  };
}
