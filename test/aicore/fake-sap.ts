import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { AicoreClient } from "../../src/aicore/client.ts";
import type { Clock } from "../../src/aicore/clock.ts";
import { createNetwork, type Network } from "../../src/aicore/network.ts";
import { TokenSource } from "../../src/aicore/token.ts";
import type { Credentials, Tenant } from "../../src/config/credentials.ts";
import { createLogger, type Logger } from "../../src/log.ts";

export interface Received {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  /** Cuts the connection in place of an answer. */
  reset?: boolean;
}

export interface FakeSap {
  url: string;
  received: Received[];
  /** How often a path was asked for. */
  count(path: string): number;
}

export const TOKEN_PATH = "/oauth/token";

/** A server on loopback that answers as the test says; closed at the test's end. */
export async function fakeSap(answer: (request: Received, nth: number) => Reply): Promise<FakeSap> {
  const received: Received[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const url = new URL(incoming.url ?? "/", "http://sap");
    const request: Received = {
      method: incoming.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    received.push(request);
    const reply = answer(request, received.filter(({ path }) => path === request.path).length);
    if (reply.reset) {
      incoming.socket.resetAndDestroy();
      return;
    }
    outgoing.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
    outgoing.end(reply.text ?? JSON.stringify(reply.json ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const count = (path: string) => received.filter((request) => request.path === path).length;
  return { url: `http://127.0.0.1:${port}`, received, count };
}

/** A SAP that grants `token-1`, `token-2`, … and leaves every other path to `answer`. */
export function grantingSap(
  answer: (request: Received, nth: number) => Reply = () => ({}),
): Promise<FakeSap> {
  return fakeSap((request, nth) => (request.path === TOKEN_PATH ? grant(nth) : answer(request, nth)));
}

export function grant(nth: number, expiresIn: unknown = 43_199): Reply {
  return { json: { access_token: `token-${nth}`, token_type: "bearer", expires_in: expiresIn } };
}

/** Both clocks, moved by hand; sleeping passes at once and is written down. */
export class FakeClock implements Clock {
  wall = Date.parse("2026-11-21T12:00:00Z");
  steady = 1_000;
  slept: number[] = [];
  now = () => this.wall;
  monotonic = () => this.steady;
  sleep = async (milliseconds: number) => {
    this.slept.push(milliseconds);
  };
  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.steady += milliseconds;
  }
}

export const SECRET = "canary$secret+/=";

export function credentialsFor(url: string): Credentials {
  return {
    clientId: "sb-1!b2|aicore!b3",
    tokenUrl: url + TOKEN_PATH,
    apiUrl: url,
    secret: { kind: "secret", clientSecret: SECRET },
    tenantId: "tenant-1",
  };
}

export function tenantFor(url: string, given: Partial<Tenant> = {}): Tenant {
  return {
    profile: "default",
    credentials: credentialsFor(url),
    source: "keychain",
    resourceGroup: "default",
    warnings: [],
    ...given,
  };
}

export function openNetwork(): Network {
  const network = createNetwork();
  onTestFinished(() => network.close());
  return network;
}

export function clientOf(
  url: string,
  given: { tenant?: Partial<Tenant>; log?: Logger; clock?: Clock } = {},
): AicoreClient {
  const { log = listeningLog().log, clock = new FakeClock() } = given;
  return new AicoreClient({ tenant: tenantFor(url, given.tenant), network: openNetwork(), log, clock });
}

export function tokenSourceOf(
  url: string,
  clock: Clock = new FakeClock(),
  log: Logger = listeningLog().log,
): TokenSource {
  return new TokenSource({ credentials: credentialsFor(url), network: openNetwork(), log, clock });
}

/** A log at its most talkative, and what it said. */
export function listeningLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger("debug", (line) => lines.push(line)), lines };
}

/** The error that a promise rejects with, as the class that is expected. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  // biome-ignore lint/suspicious/noExplicitAny: any constructor of that error
  type: new (...args: any[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`expected a ${type.name}, got a result`);
}
