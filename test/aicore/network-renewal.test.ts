/** A network that changes under our feet: sleep, a VPN that comes or goes, names that fail (security F2, F51, F53). */
import dns from "node:dns";
import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import os from "node:os";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createNetwork, type Network } from "../../src/aicore/network.ts";
import { send } from "../../src/aicore/transport.ts";
import { ApiError } from "../../src/errors.ts";
import { connectProxy } from "../support/connect-proxy.ts";
import { FakeClock, rejection } from "./fake-sap.ts";
import { closedPort, http, pem } from "./servers.ts";

interface Host {
  url: string;
  /** Every connection that was ever made to it. */
  sockets: Set<Socket>;
}

/** A host that answers, and counts who connected. */
async function host(answer: RequestListener = (_, response) => response.end("ok")): Promise<Host> {
  const sockets = new Set<Socket>();
  const port = await http((request, response) => {
    sockets.add(request.socket);
    answer(request, response);
  });
  return { url: `http://127.0.0.1:${port}`, sockets };
}

function open(clock = new FakeClock()): { network: Network; clock: FakeClock } {
  const network = createNetwork({ clock });
  onTestFinished(() => network.close());
  return { network, clock };
}

const call = (network: Network, url: string, signal?: AbortSignal) =>
  send(network, { url, method: "GET", headers: {}, signal });

/** One call to its end; the socket is back in the pool then. */
async function ask(network: Network, url: string): Promise<string> {
  const text = await (await call(network, url)).body.text();
  await new Promise(setImmediate);
  return text;
}

describe("F51: after sleep", () => {
  test("the next call goes out on a fresh socket, and the old one is closed", async () => {
    const { network, clock } = open();
    const { url, sockets } = await host();
    await ask(network, url);
    const [old] = [...sockets];
    const closed = old && once(old, "close");
    clock.wall += 2 * 3_600_000;
    await ask(network, url);
    expect(sockets.size).toBe(2);
    await closed;
  });

  test.each([
    ["29 s without a sign of life", 29_000],
    ["a clock set back", -3_600_000],
  ])("%s drop nothing", async (_name, milliseconds) => {
    const { network, clock } = open();
    const { url, sockets } = await host();
    await ask(network, url);
    clock.wall += milliseconds;
    await ask(network, url);
    expect(sockets.size).toBe(1);
  });

  test("a stream that is under way goes on", async () => {
    const { network, clock } = open();
    const held: ServerResponse[] = [];
    const { url } = await host((request, response) => {
      if (request.url !== "/stream") response.end("ok");
      else {
        response.write("one ");
        held.push(response);
      }
    });
    const { body } = await call(network, `${url}/stream`);
    const text = body.text();
    clock.wall += 2 * 3_600_000;
    expect(await ask(network, url)).toBe("ok");
    held[0]?.end("two");
    expect(await text).toBe("one two");
  });

  test("it is forgotten for the client certificate's sockets too", async () => {
    const { network, clock } = open();
    const child = network.withCertificate({ certificate: pem("client"), key: pem("client-key") });
    const { url, sockets } = await host();
    await ask(child, url);
    clock.wall += 60_000;
    await ask(child, url);
    expect(sockets.size).toBe(2);
  });

  test("closing the network ends what is under way on replaced pools", async () => {
    const { network, clock } = open();
    const { url } = await host((_, response) => response.write("never ends"));
    const { body } = await call(network, url);
    const text = rejection(body.text(), ApiError);
    clock.wall += 60_000;
    await call(network, url);
    await network.close();
    await text;
  });
});

describe("while the process runs and nobody calls", () => {
  afterEach(() => void vi.useRealTimers());

  function beating() {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { network, clock } = open();
    const beats = (count: number) => {
      for (let beat = 0; beat < count; beat++) {
        clock.pass(10_000);
        vi.advanceTimersByTime(10_000);
      }
    };
    return { network, clock, beats };
  }

  test("F51: a pause is no sleep", async () => {
    const { network, beats } = beating();
    const { url, sockets } = await host();
    await ask(network, url);
    beats(30);
    await ask(network, url);
    expect(sockets.size).toBe(1);
  });

  test("F51: sleep is noticed at the first beat after it as well", async () => {
    const { network, clock, beats } = beating();
    const { url, sockets } = await host();
    await ask(network, url);
    clock.wall += 60_000;
    beats(1);
    await ask(network, url);
    expect(sockets.size).toBe(2);
  });

  test("F53: new addresses of this machine mean new sockets", async () => {
    const { network, beats } = beating();
    const { url, sockets } = await host();
    await ask(network, url);
    const vpn = { ...Object.values(os.networkInterfaces()).flat()[0], address: "192.0.2.7", internal: false };
    const before = os.networkInterfaces();
    vi.spyOn(os, "networkInterfaces").mockReturnValue({ ...before, tun0: [vpn as os.NetworkInterfaceInfo] });
    beats(1);
    await ask(network, url);
    await ask(network, url);
    expect(sockets.size).toBe(2);
  });
});

describe("F53: a connection that breaks", () => {
  /** Five kept-alive sockets to a host that will not know them any more. */
  async function afterVpnChange(how: (socket: Socket) => void) {
    let barrier: ServerResponse[] = [];
    let gone = new Set<Socket>();
    const { url, sockets } = await host((request, response) => {
      if (gone.has(request.socket)) return how(request.socket);
      if (request.url !== "/together") return response.end("ok");
      barrier.push(response);
      if (barrier.length === 5) for (const each of barrier.splice(0)) each.end("ok");
    });
    const { network } = open();
    await Promise.all([1, 2, 3, 4, 5].map(() => ask(network, `${url}/together`)));
    expect(sockets.size).toBe(5);
    gone = new Set(sockets);
    barrier = [];
    return { network, url, gone };
  }

  test.each<[string, (socket: Socket) => void]>([
    ["by a reset", (socket) => void socket.resetAndDestroy()],
    ["by an end", (socket) => void socket.end()],
  ])("%s takes the idle ones of its host with it: one error, not five", async (_name, how) => {
    const { network, url, gone } = await afterVpnChange(how);
    const closed = [...gone].map((socket) => once(socket, "close"));
    expect((await rejection(ask(network, url), ApiError)).name).toBe("StaleSocketError");
    const others = Array.from({ length: 5 }, () => ask(network, url));
    expect(await Promise.all(others)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    await Promise.all(closed);
  });

  test("a call that its caller gave up says nothing about the network", async () => {
    const abort = new AbortController();
    const { url, sockets } = await host((request, response) => {
      if (request.url === "/slow") abort.abort();
      else response.end("ok");
    });
    const { network } = open();
    await ask(network, url);
    const pool = network.poolFor(new URL(url));
    await rejection(call(network, `${url}/slow`, abort.signal), ApiError);
    expect(network.poolFor(new URL(url))).toBe(pool);
    expect(sockets.size).toBe(1);
  });

  test("the tunnels through a proxy are renewed alike", async () => {
    const { url, sockets } = await host();
    const proxy = await connectProxy({ tunnel: Number(new URL(url).port) });
    const clock = new FakeClock();
    const network = createNetwork({ clock, httpProxy: proxy.url() });
    onTestFinished(() => network.close());
    for (let nth = 0; nth < 2; nth++) {
      await ask(network, "http://sap.invalid");
      clock.wall += 60_000;
    }
    expect([proxy.asked.length, sockets.size]).toEqual([2, 2]);
  });
});

describe("F2: a name that does not resolve", () => {
  type Answer = (
    error: NodeJS.ErrnoException | null,
    addresses: { address: string; family: number }[],
  ) => void;

  /** Names resolve to loopback, unless `failing` gives a code. */
  function resolver(failing: () => string | undefined): { lookups: string[] } {
    const lookups: string[] = [];
    vi.spyOn(dns, "lookup").mockImplementation(((name: string, _options: unknown, answer: Answer) => {
      lookups.push(name);
      const code = failing();
      if (code) answer(Object.assign(new Error(code), { code, syscall: "getaddrinfo" }), []);
      else answer(null, [{ address: "127.0.0.1", family: 4 }]);
    }) as unknown as typeof dns.lookup);
    return { lookups };
  }

  test.each([
    ["ENOTFOUND", /^Cannot find sap\.invalid:\d+: the name does not resolve\.$/],
    ["EAI_AGAIN", /^Cannot find sap\.invalid:\d+: name resolution failed for now\.$/],
  ])("%s is asked again at the next call, and forgotten once it resolves", async (code, says) => {
    const { network } = open();
    const { url, sockets } = await host();
    const named = url.replace("127.0.0.1", "sap.invalid");
    let failing: string | undefined = code;
    const { lookups } = resolver(() => failing);
    for (let nth = 1; nth <= 2; nth++) {
      const error = await rejection(call(network, named), ApiError);
      expect(error).toMatchObject({ status: 502, reason: "dns_error", message: expect.stringMatching(says) });
      expect(error.hint).toMatch(/VPN and HTTPS_PROXY/);
      expect(lookups.length).toBe(nth);
    }
    failing = undefined;
    expect(await ask(network, named)).toBe("ok");
    expect([lookups.length, sockets.size]).toEqual([3, 1]);
  });

  test("F53: a fresh socket asks for the name again: what it was before the VPN is not remembered", async () => {
    const { network, clock } = open();
    const { url } = await host();
    const named = url.replace("127.0.0.1", "sap.invalid");
    const { lookups } = resolver(() => undefined);
    await ask(network, named);
    await ask(network, named);
    expect(lookups.length).toBe(1);
    clock.wall += 60_000;
    await ask(network, named);
    expect(lookups.length).toBe(2);
  });

  test("a host that refused is tried again at the next call", async () => {
    const { network } = open();
    const port = await closedPort();
    for (let nth = 0; nth < 2; nth++) {
      const error = await rejection(call(network, `http://127.0.0.1:${port}`), ApiError);
      expect(error.reason).toBe("unreachable");
    }
  });
});
