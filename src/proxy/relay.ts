import { readBetas } from "../dialects/anthropic/betas.ts";
import { readMessagesCall } from "../dialects/anthropic/request.ts";
import { NativeScanner } from "../stream/native-scanner.ts";
import { type RequestBody, readBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { cutEchoes } from "./echoes.ts";
import { asApiError, type Exchange, logFailure, whileOpen } from "./exchange.ts";
import { type Asked, forward } from "./forward.ts";
import { MessageStream, messageWords } from "./message-stream.ts";
import { pump } from "./pump.ts";
import { recordUsage } from "./record.ts";
import { StreamReply } from "./stream-reply.ts";
import { sendWhole } from "./whole.ts";

/** One request to `POST /v1/messages`, from its first byte to the last of its answer. */
export async function relayMessages(exchange: Exchange, context: ProxyContext): Promise<void> {
  const body = await whileOpen(exchange, readBody(exchange.request));
  const asked: Asked = {
    ...readMessagesCall(body.json),
    betas: readBetas(exchange.request.headers["anthropic-beta"], body.json),
  };
  const relay = asked.stream ? relayStream : relayWhole;
  try {
    await relay(exchange, context, body, asked);
  } catch (error) {
    cutEchoes(error, body.json);
    throw error;
  }
}

async function relayWhole(
  exchange: Exchange,
  context: ProxyContext,
  body: RequestBody,
  asked: Asked,
): Promise<void> {
  const forwarded = await whileOpen(exchange, forward(exchange, context, body, asked));
  const usage = await sendWhole(exchange, forwarded, asked.model, body.json);
  recordUsage(exchange, context, body, forwarded, usage);
}

async function relayStream(
  exchange: Exchange,
  context: ProxyContext,
  body: RequestBody,
  asked: Asked,
): Promise<void> {
  const reply = new StreamReply(exchange.response, {
    words: messageWords(exchange.id),
    pingEvery: context.timing.pingEvery,
    writeIdle: context.timing.writeIdle,
    commitAfter: remaining(context.timing.commitAfter, exchange.arrivedAt),
    onStuck: () => exchange.response.destroy(),
  });
  try {
    const forwarded = await whileOpen(exchange, forward(exchange, context, body, asked));
    const { upstream } = forwarded;
    const stream = new MessageStream(asked.model, upstream, upstream.translation(body.json));
    await pump(forwarded.answer.body, new NativeScanner(stream), stream, reply);
    recordUsage(exchange, context, body, forwarded, stream.usage);
  } catch (error) {
    if (!reply.committed) {
      reply.release();
      throw error;
    }
    if (exchange.response.destroyed) {
      context.log.debug("client left", { request: exchange.id });
      return;
    }
    cutEchoes(error, body.json);
    const failure = asApiError(error);
    logFailure(exchange, failure, context.log);
    reply.fail(failure);
  }
}

/** What is left of a limit that counts from the request's arrival; 0 keeps meaning "never". */
function remaining(limit: number, arrivedAt: number): number {
  return limit === 0 ? 0 : Math.max(1, limit - (Date.now() - arrivedAt));
}
