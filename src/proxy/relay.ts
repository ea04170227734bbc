import { readBetas } from "../dialects/anthropic/betas.ts";
import type { ClientDialect } from "../dialects/client.ts";
import { type HubUsage, isTold, noUsage, promptOf } from "../hub/messages.ts";
import { namedSession } from "../routing/session.ts";
import { Scanner } from "../stream/scanner.ts";
import type { Upstream } from "../upstreams/types.ts";
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

/** Rough, for answers without counts: of a whole answer, and of a stream, whose frames outweigh their words. */
const BYTES_PER_TOKEN = 4;
const BYTES_PER_STREAMED_TOKEN = 40;

/** One request to a model in the client's dialect, from its first byte to the last of its answer. */
export async function relay(
  exchange: Exchange,
  context: ProxyContext,
  client: ClientDialect,
  via?: Upstream,
): Promise<void> {
  const account = new Account(exchange, context, client.codec.name);
  let received: Received | undefined;
  try {
    const body = await readBody(exchange, { known: context.bodies });
    received = receivedAs(client, body, exchange, context, via);
    account.requested = received.asked.model;
    account.stream = received.asked.stream;
    account.session = namedSession(exchange.request.headers, received.body.json);
    await (received.asked.stream ? relayStream : relayWhole)(exchange, context, received, account);
  } catch (error) {
    account.failed(asApiError(error), guessFor(received, 0));
    throw error;
  }
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
): Promise<void> {
  try {
    const forwarding = forward(exchange, context, received, account, (answer, plan, deployment) =>
      wholeOf(answer, plan, deployment, context),
    );
    const { opened, plan } = await whileOpen(exchange, forwarding);
    const { body, usage } = opened;
    account.began();
    settle(account, usage, () => guessOf(received, body.length / BYTES_PER_TOKEN));
    writeHead(exchange, 200, { "content-type": "application/json", "content-length": body.length });
    exchange.response.end(body);
    learn(context, plan, usage);
  } catch (error) {
    cutEchoes(error, received.body.json);
    throw error;
  }
}

async function relayStream(
  exchange: Exchange,
  context: ProxyContext,
  received: Received,
  account: Account,
): Promise<void> {
  const reply = openReply(exchange, context, received.asked.client);
  let stream: CountedStream | undefined;
  try {
    const forwarding = forward(exchange, context, received, account, (answer, plan, deployment) => {
      const counted = streamOf(plan, deployment, context);
      return openStream(answer.body, new Scanner(counted), counted);
    });
    const { opened, plan } = await whileOpen(exchange, forwarding);
    account.began();
    stream = opened.stream;
    // The upstream may have ended long before its client, who leaves: then nothing is left that the signal could end.
    const pumped = pump(opened, reply, (written) => {
      settle(account, opened.stream.usage, () => guessOf(received, written / BYTES_PER_STREAMED_TOKEN));
    });
    await whileOpen(exchange, pumped);
    learn(context, plan, stream.usage);
  } catch (error) {
    cutEchoes(error, received.body.json);
    if (stream) account.usage = stream.usage;
    if (!reply.committed) {
      reply.release();
      throw error;
    }
    const failure = asApiError(error);
    account.failed(failure, guessFor(received, reply.written));
    if (exchange.response.destroyed) return;
    logFailure(exchange, failure, context.log);
    reply.fail(failure);
  }
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

/** What an answer without counts may have cost. */
function guessOf({ body }: Received, output: number): HubUsage {
  const input_tokens = Math.ceil(body.bytes.length / BYTES_PER_TOKEN);
  return { ...noUsage(), input_tokens, output_tokens: Math.ceil(output) };
}

/** What may be paid for a request that never got to its end. */
function guessFor(received: Received | undefined, written: number): (() => HubUsage) | undefined {
  return received && (() => guessOf(received, written / BYTES_PER_STREAMED_TOKEN));
}

/** Closes the account of a complete answer, before its last byte goes out: whoever has an answer finds it in the ledger. */
function settle(account: Account, usage: HubUsage, guess: () => HubUsage): void {
  if (isTold(usage)) account.usage = usage;
  else account.estimate(guess());
  account.completed();
}

/** Real counts make the estimates behind count_tokens true. */
function learn({ estimator }: ProxyContext, { call, messages }: Plan, usage: HubUsage): void {
  if (!isTold(usage)) return;
  const asked = estimator.wants(call.model) ? messages() : undefined;
  if (asked) estimator.observe(call.model, asked, promptOf(usage));
}
