import { readBetas } from "../dialects/anthropic/betas.ts";
import type { ClientDialect } from "../dialects/client.ts";
import { type HubUsage, isTold, promptOf } from "../hub/messages.ts";
import { namedSession } from "../routing/session.ts";
import { Scanner } from "../stream/scanner.ts";
import type { Upstream } from "../upstreams/types.ts";
import { estimateInputTokens } from "../usage/token-estimate.ts";
import { Account } from "./account.ts";
import { type CountedStream, streamOf, wholeOf } from "./answer.ts";
import { type RequestBody, readBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { cutEchoes } from "./echoes.ts";
import { asApiError, type Exchange, logFailure, whileOpen, writeHead } from "./exchange.ts";
import { forward, type Received } from "./forward.ts";
import { openStream } from "./opened-stream.ts";
import type { Plan } from "./plan.ts";
import { pump } from "./pump.ts";
import { StreamReply } from "./stream-reply.ts";
import { streamWords } from "./stream-words.ts";

/** A stream whose answer has begun. Nothing here holds the request but as it was sent, which undici holds as well. */
interface Flow {
  stream: CountedStream;
  reply: StreamReply;
  sent: Buffer;
  /** Over when the client has it all. */
  pumped: Promise<void>;
  teach: (usage: HubUsage) => void;
}

/** One request to a model in the client's dialect, from its first byte to the last of its answer. */
export async function relay(
  exchange: Exchange,
  context: ProxyContext,
  client: ClientDialect,
  via?: Upstream,
): Promise<void> {
  const account = new Account(exchange, context, client.codec.name);
  try {
    const flow = await begin(exchange, context, account, client, via);
    if (flow) await follow(exchange, context, account, flow);
  } catch (error) {
    account.failed(asApiError(error));
    throw error;
  }
}

/** All that needs the request itself: a whole answer to its end, a stream as far as its first bytes. */
async function begin(
  exchange: Exchange,
  context: ProxyContext,
  account: Account,
  client: ClientDialect,
  via: Upstream | undefined,
): Promise<Flow | undefined> {
  const body = await readBody(exchange, { known: context.bodies });
  const received = receivedAs(client, body, exchange, context, via);
  const { model, stream } = received.asked;
  account.requested = model;
  account.stream = stream;
  account.asked = body.bytes.length;
  account.session = namedSession(exchange.request.headers, body.json);
  return await (stream ? beginStream : relayWhole)(exchange, context, received, account);
}

function receivedAs(
  client: ClientDialect,
  body: RequestBody,
  { request, path }: Exchange,
  { log }: ProxyContext,
  via: Upstream | undefined,
): Received {
  const note = (text: string) => log.once(text, "info", text);
  const { model, stream, hub, prefix } = client.read(body.json, path, note);
  const betas = readBetas(request.headers["anthropic-beta"], body.json);
  return { body, asked: { model, stream, hub, prefix, client, via, betas } };
}

async function relayWhole(
  exchange: Exchange,
  context: ProxyContext,
  received: Received,
  account: Account,
): Promise<undefined> {
  try {
    const forwarding = forward(exchange, context, received, account, (answer, plan, deployment) =>
      wholeOf(answer, plan, deployment, context),
    );
    const { opened, plan } = await whileOpen(exchange, forwarding);
    const { body, usage } = opened;
    account.began();
    account.settle(usage, body.length);
    writeHead(exchange, 200, { "content-type": "application/json", "content-length": body.length });
    exchange.response.end(body);
    teacher(context, plan)(usage);
  } catch (error) {
    cutEchoes(error, received.body.json);
    throw error;
  }
}

async function beginStream(
  exchange: Exchange,
  context: ProxyContext,
  received: Received,
  account: Account,
): Promise<Flow | undefined> {
  const reply = openReply(exchange, context, received.asked.client);
  try {
    const forwarding = forward(exchange, context, received, account, (answer, plan, deployment) => {
      const counted = streamOf(plan, deployment, context);
      return openStream(answer.body, new Scanner(counted), counted);
    });
    const { opened, plan, sent } = await whileOpen(exchange, forwarding);
    const { stream } = opened;
    account.began();
    const pumped = pump(opened, reply, (written) => account.settle(stream.usage, written));
    return { stream, reply, sent, pumped, teach: teacher(context, plan) };
  } catch (error) {
    cutEchoes(error, received.body.json);
    breakOff(exchange, context, account, reply, error);
    return undefined;
  }
}

async function follow(
  exchange: Exchange,
  context: ProxyContext,
  account: Account,
  { stream, reply, sent, pumped, teach }: Flow,
): Promise<void> {
  try {
    // The upstream may have ended long before its client, who leaves: then nothing is left that the signal could end.
    await whileOpen(exchange, pumped);
    teach(stream.usage);
  } catch (error) {
    cutEchoes(error, sent);
    account.usage = stream.usage;
    breakOff(exchange, context, account, reply, error);
  }
}

/** Tells a failure in the stream. @throws the error, where an ordinary answer can still tell it. */
function breakOff(
  exchange: Exchange,
  { log }: ProxyContext,
  account: Account,
  reply: StreamReply,
  error: unknown,
): void {
  if (!reply.committed) {
    reply.release();
    throw error;
  }
  const failure = asApiError(error);
  account.failed(failure, reply.written);
  if (exchange.response.destroyed) return;
  logFailure(exchange, failure, log);
  reply.fail(failure);
}

function openReply(exchange: Exchange, { timing }: ProxyContext, client: ClientDialect): StreamReply {
  return new StreamReply(exchange.response, {
    head: exchange.head,
    words: streamWords(client, exchange.id),
    pingEvery: timing.pingEvery,
    writeIdle: timing.writeIdle,
    commitAfter: remaining(timing.commitAfter, exchange.arrivedAt),
    tapped: exchange.tapped,
    onStuck: () => exchange.response.destroy(),
  });
}

/** What is left of a limit that counts from the request's arrival; 0 keeps meaning "never". */
function remaining(limit: number, arrivedAt: number): number {
  return limit === 0 ? 0 : Math.max(1, limit - (Date.now() - arrivedAt));
}

/**
 * Real counts make the estimates behind count_tokens true. What is wanted of the request is taken now: the end of a stream
 * is no reason to hold it.
 */
function teacher({ estimator }: ProxyContext, { call, messages }: Plan): (usage: HubUsage) => void {
  const { model } = call;
  const asked = estimator.wants(model) ? messages() : undefined;
  const estimated = asked && estimateInputTokens(asked);
  return (usage) => {
    if (estimated !== undefined && isTold(usage)) estimator.observe(model, estimated, promptOf(usage));
  };
}
