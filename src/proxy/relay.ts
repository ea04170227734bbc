import { readBetas } from "../dialects/anthropic/betas.ts";
import type { ClientDialect } from "../dialects/client.ts";
import { Scanner } from "../stream/scanner.ts";
import type { Upstream } from "../upstreams/types.ts";
import { streamOf, wholeOf } from "./answer.ts";
import { type RequestBody, readBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { cutEchoes } from "./echoes.ts";
import { asApiError, type Exchange, logFailure, whileOpen } from "./exchange.ts";
import { forward } from "./forward.ts";
import type { Asked } from "./plan.ts";
import { pump } from "./pump.ts";
import { recordUsage } from "./record.ts";
import { StreamReply } from "./stream-reply.ts";
import { streamWords } from "./stream-words.ts";

/** One request to a model in the client's dialect, from its first byte to the last of its answer. */
export async function relay(
  exchange: Exchange,
  context: ProxyContext,
  client: ClientDialect,
  via?: Upstream,
): Promise<void> {
  const body = await whileOpen(exchange, readBody(exchange.request));
  const note = (text: string) => context.log.once(text, "info", text);
  const asked: Asked = {
    ...client.read(body.json, exchange.path, note),
    client,
    via,
    betas: readBetas(exchange.request.headers["anthropic-beta"], body.json),
  };
  const answer = asked.stream ? relayStream : relayWhole;
  try {
    await answer(exchange, context, body, asked);
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
  const whole = await wholeOf(forwarded, context);
  exchange.response.writeHead(200, {
    "content-type": "application/json",
    "content-length": whole.body.length,
  });
  exchange.response.end(whole.body);
  recordUsage(exchange, context, forwarded, whole.usage);
}

async function relayStream(
  exchange: Exchange,
  context: ProxyContext,
  body: RequestBody,
  asked: Asked,
): Promise<void> {
  const reply = openReply(exchange, context, asked.client);
  try {
    const forwarded = await whileOpen(exchange, forward(exchange, context, body, asked));
    const stream = streamOf(forwarded, context);
    await pump(forwarded.answer.body, new Scanner(stream), stream, reply);
    recordUsage(exchange, context, forwarded, stream.usage);
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

function openReply(exchange: Exchange, { timing }: ProxyContext, client: ClientDialect): StreamReply {
  return new StreamReply(exchange.response, {
    words: streamWords(client, exchange.id),
    pingEvery: timing.pingEvery,
    writeIdle: timing.writeIdle,
    commitAfter: remaining(timing.commitAfter, exchange.arrivedAt),
    onStuck: () => exchange.response.destroy(),
  });
}

/** What is left of a limit that counts from the request's arrival; 0 keeps meaning "never". */
function remaining(limit: number, arrivedAt: number): number {
  return limit === 0 ? 0 : Math.max(1, limit - (Date.now() - arrivedAt));
}
