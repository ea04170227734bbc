import type { Answer } from "../aicore/answer.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { type HubUsage, noUsage } from "../hub/messages.ts";
import { outlineOf, spliceMembers } from "../stream/json-members.ts";
import type { AnswerStream } from "../stream/scanner.ts";
import type { ProxyContext } from "./context.ts";
import { unreadable } from "./failure.ts";
import { NativeStream } from "./native-stream.ts";
import { parseAnswer } from "./parse-answer.ts";
import type { Plan } from "./plan.ts";
import { TranslatedStream } from "./translated-stream.ts";

/** A stream that knows what it cost so far. */
export type CountedStream = AnswerStream & { readonly usage: HubUsage };

/** How the answer streams to its client: as it comes where both sides speak one dialect, translated elsewhere. */
export function streamOf(
  { client, server, upstream, translation, asked, hub }: Plan,
  deployment: Deployment,
  { responses }: ProxyContext,
): CountedStream {
  if (!hub) {
    return new NativeStream({
      facts: client.native,
      upstream,
      translation,
      model: asked.model,
      onStored: (id) => responses.remember(id, deployment),
    });
  }
  return new TranslatedStream({
    client: client.codec,
    server: server.codec,
    upstream,
    translation,
    request: hub,
  });
}

interface Whole {
  body: Buffer;
  usage: HubUsage;
}

/**
 * A whole answer for its client. It is read and parsed before its 200 goes out, so that a truncated or garbled answer
 * is a 502 and never half a document (DESIGN 8).
 * @throws ApiError 502.
 */
export function wholeOf(
  answer: Answer,
  plan: Plan,
  deployment: Deployment,
  context: ProxyContext,
): Promise<Whole> {
  return answer.body.bytes().then((bytes) => wholeIn(bytes, plan, deployment, context));
}

function wholeIn(
  bytes: Buffer,
  { client, server, upstream, translation, asked, hub }: Plan,
  deployment: Deployment,
  { responses }: ProxyContext,
): Whole {
  const json = parseAnswer(bytes);
  const own = upstream.cleanAnswer(json);
  const told = translation?.message(own) ?? own;
  if (!server.native.isAnswer(told)) throw unreadable();
  const usage = server.native.usage(told, noUsage());
  if (!hub) {
    const stored = client.native.storedId?.(told);
    if (stored !== undefined) responses.remember(stored, deployment);
    const restored = client.native.withModel(told, asked.model);
    return { body: spliceMembers(bytes, outlineOf(bytes), json, restored), usage };
  }
  const answered = { ...server.codec.decodeAnswer(told), model: asked.model };
  const body = Buffer.from(JSON.stringify(client.codec.encodeAnswer(answered, hub)));
  return { body, usage: answered.usage };
}
