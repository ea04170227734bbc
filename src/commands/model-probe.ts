/** Tiny requests to a model, the whole way that a tool's requests go: through a proxy of our own, on a free port. */
import { createParser } from "eventsource-parser";
import type { AicoreClient } from "../aicore/client.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { unlimitedKey } from "../keys/accepted.ts";
import type { Logger } from "../log.ts";
import { type Proxy as RunningProxy, startProxy } from "../proxy/server.ts";
import { createKey } from "./local-key.ts";
import { postLocally } from "./post-locally.ts";

export type ProbeKind = "answer" | "stream" | "embedding";

/** How a tiny request went. */
export interface Probe {
  kind: ProbeKind;
  ok: boolean;
  /** HTTP; 0 when there was no answer. */
  status: number;
  /** SAP's name of the model that answered, and the id of its deployment; undefined when none did. */
  model: string | undefined;
  deployment: string | undefined;
  /** Milliseconds to the first byte of the answer, and to its end. */
  firstByte: number;
  duration: number;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** Why it failed, in the words of the proxy. */
  error: string | undefined;
}

export interface ProbeOptions {
  catalog: Catalog;
  client: AicoreClient;
  log: Logger;
  version: string;
}

/** Enough for every model: some refuse a limit below 16. */
const MOST_TOKENS = 16;
const QUESTION = "Answer with the word ok.";

/** Asks as long as `work` lasts. */
export async function withProbe<T>(
  { catalog, client, log, version }: ProbeOptions,
  work: (ask: (model: string, kind: ProbeKind, signal?: AbortSignal) => Promise<Probe>) => Promise<T>,
): Promise<T> {
  const key = createKey();
  const proxy = await startProxy({
    port: 0,
    keys: [unlimitedKey("one-time", key)],
    catalog,
    clients: [client],
    log,
    version,
  });
  try {
    return await work((model, kind, signal) => probe(proxy, key, { model, kind, signal }));
  } finally {
    await proxy.close({ drain: 0 });
  }
}

interface Asked {
  model: string;
  kind: ProbeKind;
  signal: AbortSignal | undefined;
}

async function probe(proxy: RunningProxy, key: string, { model, kind, signal }: Asked): Promise<Probe> {
  const reply = await postLocally(`${proxy.url}${PATHS[kind]}`, { key, body: bodyFor(model, kind), signal });
  const told = reply.status === 200 ? READERS[kind](reply.text) : { error: errorIn(reply.text) };
  return {
    kind,
    ok: told.error === undefined,
    status: reply.status,
    model: reply.headers["x-aicore-model"],
    deployment: reply.headers["x-aicore-deployment"],
    firstByte: reply.firstByte,
    duration: reply.duration,
    inputTokens: told.input,
    outputTokens: told.output,
    error: told.error,
  };
}

const PATHS: Record<ProbeKind, string> = {
  answer: "/v1/messages",
  stream: "/v1/messages",
  embedding: "/v1/embeddings",
};

function bodyFor(model: string, kind: ProbeKind): JsonObject {
  if (kind === "embedding") return { model, input: "ok" };
  return {
    model,
    max_tokens: MOST_TOKENS,
    messages: [{ role: "user", content: QUESTION }],
    ...(kind === "stream" && { stream: true }),
  };
}

interface Told {
  input?: number | undefined;
  output?: number | undefined;
  error?: string | undefined;
}

const READERS: Record<ProbeKind, (text: string) => Told> = {
  answer: (text) => countsIn(objectIn(text).usage),
  stream: readStream,
  embedding: (text) => {
    const { usage } = objectIn(text);
    return { input: isObject(usage) ? numberIn(usage.prompt_tokens) : undefined };
  },
};

/** A stream is whole only with its last event. */
function readStream(text: string): Told {
  let told: Told = {};
  let ended = false;
  const parser = createParser({
    onEvent({ data }) {
      const { type, message, usage, error } = objectIn(data);
      if (isObject(message)) told = { ...told, ...counted(message.usage) };
      told = { ...told, ...counted(usage) };
      if (type === "message_stop") ended = true;
      if (isObject(error)) told = { ...told, error: String(error.message ?? "The stream broke off.") };
    },
  });
  parser.feed(text);
  return ended || told.error !== undefined
    ? told
    : { ...told, error: "The stream ended before its last event." };
}

/** Only the counts that are there, so that a later event does not take back what an earlier one told. */
function counted(usage: unknown): Told {
  return Object.fromEntries(Object.entries(countsIn(usage)).filter(([, count]) => count !== undefined));
}

function countsIn(usage: unknown): Told {
  if (!isObject(usage)) return {};
  return { input: numberIn(usage.input_tokens), output: numberIn(usage.output_tokens) };
}

function errorIn(text: string): string {
  const { error } = objectIn(text);
  const message = isObject(error) ? error.message : undefined;
  return typeof message === "string" && message !== ""
    ? message
    : text.slice(0, 500) || "There was no answer.";
}

function objectIn(text: string): JsonObject {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
