/** What is asked of every target, and how hard. */
import { longConversation, longConversationToClean, newConversation } from "./conversation.ts";
import type { Pace } from "./deployments.ts";
import type { Metric, Subject } from "./readings.ts";
import { type Body, shortChat, shortMessages, shortResponses, toBedrock } from "./requests.ts";

/** How the load generator goes about it. */
export interface Load {
  connections: number;
  /** Answers in all. Default: as many as come in `milliseconds`. */
  requests?: number;
  milliseconds?: number;
}

export interface LoadScenario {
  id: string;
  title: string;
  pace: Pace;
  /** Whether the answers are streams. */
  streams: boolean;
  load: Load;
  /** The client's route and body, where the target is `aicore`. */
  route: string;
  client: Body;
  /** The upstream's body, for targets that only pass it on. */
  upstream: Body;
  targets: readonly Subject[];
  shows: readonly Metric[];
}

const ALL: readonly Subject[] = ["direct", "nginx", "pipe", "fetch", "aicore"];
const PROXIES: readonly Subject[] = ["nginx", "pipe", "fetch", "aicore"];
/** Others do not translate: the pipe stands for the same number of events, untouched. */
const PIPE_ONLY: readonly Subject[] = ["pipe", "aicore"];

/** What is asked, and by whom it is understood. */
type Words = Pick<LoadScenario, "route" | "client" | "upstream">;
type Manner = Omit<LoadScenario, "id" | "title" | "targets">;

/** @param share of the full time, for a quick run */
export function scenariosFor(share: number): readonly LoadScenario[] {
  const milliseconds = 1_200 * share;
  const short = messages(shortMessages());
  const chat = { ...short, route: "/v1/chat/completions", client: shortChat() };
  const responses = { ...short, route: "/v1/responses", client: shortResponses() };
  const toGpt = { ...short, upstream: { ...shortChat(), stream: true } };
  const whole = (words: Words, connections: number): Manner => ({
    ...words,
    pace: "short",
    streams: false,
    load: { connections, milliseconds },
    shows: ["requestCpu", "answers", "answer"],
  });
  const fifty = (words: Words, pace: Pace): Manner => ({
    ...words,
    pace,
    streams: true,
    load: { connections: 50, requests: 50 },
    shows: ["eventCpu", "events", "first", "event", "event99"],
  });
  return [
    {
      id: "requests-1",
      title: "Non-stream, 2 KB each way, 1 connection",
      targets: ALL,
      ...whole(short, 1),
    },
    {
      id: "requests-16",
      title: "Non-stream, 2 KB each way, 16 connections",
      targets: ALL,
      ...whole(short, 16),
    },
    {
      id: "first-event",
      title: "One short stream at a time",
      targets: ALL,
      ...whole(short, 1),
      streams: true,
      shows: ["first", "requestCpu"],
    },
    {
      id: "events-50",
      title: "50 streams × 50 events/s, Claude native",
      targets: ALL,
      ...fifty(short, "calm"),
    },
    {
      id: "events-200",
      title: "50 streams × 200 events/s, Claude native",
      targets: ALL,
      ...fifty(short, "dense"),
    },
    {
      id: "body",
      title: "540 KB body of a conversation that goes on, only top-level members to change",
      targets: PROXIES,
      ...whole(messages(longConversation()), 1),
    },
    {
      id: "body-new",
      title: "540 KB body that is new from its first message on, only top-level members to change",
      targets: PROXIES,
      ...whole(messages(newConversation()), 1),
    },
    {
      id: "body-inner",
      title: "540 KB body of a conversation that goes on, with inner sanitising",
      targets: PROXIES,
      ...whole(messages(longConversationToClean()), 1),
    },
    {
      id: "chat-to-claude",
      title: "Chat Completions → Claude, 50 streams × 200 events/s",
      targets: PIPE_ONLY,
      ...fifty(chat, "dense"),
    },
    {
      id: "messages-to-gpt",
      title: "Messages → GPT, 50 streams × 200 events/s",
      targets: PIPE_ONLY,
      ...fifty(toGpt, "gpt"),
    },
    {
      id: "responses-to-claude",
      title: "Responses → Claude, 50 streams × 200 events/s",
      targets: PIPE_ONLY,
      ...fifty(responses, "dense"),
    },
    {
      id: "flood",
      title: "Streams without a pause: what upstream and load generator can do by themselves",
      targets: ["direct"],
      ...fifty(short, "flood"),
      load: { connections: 4, requests: 8 },
      shows: ["events"],
    },
  ];
}

/** Asked in Messages, of Claude. */
export function messages(body: Body): Words {
  return { route: "/v1/messages", client: body, upstream: toBedrock(body) };
}
